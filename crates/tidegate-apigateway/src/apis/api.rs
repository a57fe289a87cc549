//! An API as it is stored, which is also how `GetApi` shows it.

use super::length::{description, within};
use super::{Cors, Quick};
use crate::Error;
use serde::{Deserialize, Serialize};
use tidegate_core::Context;
use tidegate_types::{Tags, Timestamp};

/// An HTTP API. <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html>
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Api {
    /// The default endpoint, `https://{id}.execute-api.{region}.amazonaws.com`.
    pub api_endpoint: String,
    /// Ten lower-case letters and digits.
    pub api_id: String,
    /// Where an API key would stand; HTTP APIs only keep it.
    pub api_key_selection_expression: String,
    /// What browsers on other origins may do.
    pub cors_configuration: Option<Cors>,
    /// When it was made.
    pub created_date: Timestamp,
    /// Free text.
    pub description: Option<String>,
    /// Whether the default endpoint answers 404.
    pub disable_execute_api_endpoint: bool,
    /// `ipv4` or `dualstack`; shown only, since clients reach one local port.
    pub ip_address_type: String,
    /// The name; it need not be unique.
    pub name: String,
    /// `HTTP`.
    pub protocol_type: String,
    /// `$request.method $request.path`.
    pub route_selection_expression: String,
    /// Tags.
    pub tags: Tags,
    /// Free text.
    pub version: Option<String>,
}

impl Api {
    /// A new API with AWS' defaults; it still needs a name.
    pub fn new(cx: &Context, api_id: String) -> Api {
        Api {
            api_endpoint: format!("https://{api_id}.execute-api.{}.amazonaws.com", cx.region),
            api_id,
            api_key_selection_expression: "$request.header.x-api-key".to_owned(),
            cors_configuration: None,
            created_date: whole_seconds(cx.clock().now()),
            description: None,
            disable_execute_api_endpoint: false,
            ip_address_type: "ipv4".to_owned(),
            name: String::new(),
            protocol_type: "HTTP".to_owned(),
            route_selection_expression: "$request.method $request.path".to_owned(),
            tags: Tags::new(),
            version: None,
        }
    }
}

/// What `CreateApi` and `UpdateApi` both take.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ApiSettings {
    api_key_selection_expression: Option<String>,
    cors_configuration: Option<Cors>,
    /// The role that calls quick create's function.
    pub credentials_arn: Option<String>,
    description: Option<String>,
    disable_execute_api_endpoint: Option<bool>,
    disable_schema_validation: Option<bool>,
    ip_address_type: Option<String>,
    name: Option<String>,
    route_key: Option<String>,
    route_selection_expression: Option<String>,
    target: Option<String>,
    version: Option<String>,
}

impl ApiSettings {
    /// Puts what was given onto an API; gives back what is quick create's.
    pub fn apply(self, api: &mut Api) -> Result<Option<Quick>, Error> {
        if self.disable_schema_validation == Some(true) {
            return Err(Error::NotForHttp("disableSchemaValidation"));
        }
        description(self.description.as_ref())?;
        within(self.name.as_ref(), "name", 1, 128)?;
        within(self.version.as_ref(), "version", 1, 64)?;
        let spelled = ["$request.method $request.path", "${request.method} ${request.path}"];
        if self.route_selection_expression.as_deref().is_some_and(|text| !spelled.contains(&text)) {
            return Err(Error::RouteSelectionExpression);
        }
        let set = |to: &mut String, from: Option<String>| *to = from.unwrap_or(std::mem::take(to));
        set(&mut api.api_key_selection_expression, self.api_key_selection_expression);
        set(&mut api.ip_address_type, self.ip_address_type);
        set(&mut api.name, self.name);
        if let Some(cors) = self.cors_configuration {
            // Terraform sends an empty one along when it takes CORS off.
            api.cors_configuration = Some(cors.checked()?).filter(|cors| *cors != Cors::default());
        }
        api.description = self.description.or(api.description.take());
        api.disable_execute_api_endpoint =
            self.disable_execute_api_endpoint.unwrap_or(api.disable_execute_api_endpoint);
        api.version = self.version.or(api.version.take());
        Ok(Quick::given(self.target, self.route_key, self.credentials_arn))
    }
}

/// Times of this service have no fractions.
pub fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_ms(time.as_ms() / 1000 * 1000)
}
