//! Requests that no operation answers.

use crate::{AwsErrorParts, CommonError, Request, common_error, render_error};
use bytes::Bytes;
use http::Response;
use tidegate_model::{Protocol, Service};

/// Why a request has no operation; it can answer for itself.
#[derive(Debug, Clone)]
pub struct Unrouted {
    /// The service, if that much is known.
    pub service: Option<&'static Service>,
    /// The protocol in which to say no.
    pub protocol: Protocol,
    /// What was asked for; empty if there was no telling.
    pub name: String,
}

impl Unrouted {
    pub(super) fn operation(service: Option<&'static Service>, protocol: Protocol, name: &str) -> Unrouted {
        Unrouted { service, protocol, name: name.into() }
    }

    /// A service that we do not know: answered in the form that the request has.
    pub(super) fn service(request: &Request) -> Unrouted {
        // Their XML errors look like the query protocol's.
        let is_rest_xml = ["route53", "cloudfront"].map(Some).contains(&request.scope);
        let forms = [
            ("application/x-www-form-urlencoded", Protocol::Query),
            ("application/xml", Protocol::RestXml),
            ("text/xml", Protocol::RestXml),
            ("application/cbor", Protocol::Cbor),
        ];
        let asked = forms.into_iter().find(|(media_type, _)| request.is_of_type(media_type));
        let protocol = match asked {
            _ if is_rest_xml => Protocol::Query,
            Some((_, protocol)) => protocol,
            None => Protocol::RestJson,
        };
        Unrouted { service: None, protocol, name: request.scope.unwrap_or_default().into() }
    }

    /// The error as its service words it.
    pub fn error(&self) -> AwsErrorParts {
        let Some(service) = self.service else { return self.unknown_service() };
        let error = common_error(CommonError::UnknownOperation, service, self.protocol);
        match self.protocol {
            Protocol::Query => {
                let message = format!("Could not find operation {} for version {}", self.name, service.version);
                error.with_message(message)
            }
            // DynamoDB and its kin give no message here.
            Protocol::Json10 | Protocol::Json11 => error,
            Protocol::RestXml => error.with_message("The specified method is not allowed against this resource."),
            _ => error.with_message(format!("Unknown operation: {}", self.name)),
        }
    }

    fn unknown_service(&self) -> AwsErrorParts {
        match self.name.as_str() {
            "" => AwsErrorParts::new("UnknownOperationException", 404, "No AWS API answers to this method and path."),
            name => AwsErrorParts::new("NotImplementedException", 501, format!("Tidegate does not offer {name}.")),
        }
    }

    /// The whole answer.
    pub fn response(&self, request_id: &str) -> Response<Bytes> {
        render_error(&self.error(), self.protocol, self.service, request_id)
    }
}
