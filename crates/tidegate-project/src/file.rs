//! The project file: YAML that names functions, HTTP APIs and tables. `docs/project-file.md` describes it for users.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// A project as its file has it, checked.
#[derive(Debug, Clone)]
pub struct Project {
    /// The project's name; it marks everything that the project makes.
    pub name: String,
    /// The folder that the file is in; code is looked for there.
    pub folder: PathBuf,
    /// Its functions.
    pub functions: Vec<Function>,
    /// Its HTTP APIs.
    pub apis: Vec<HttpApi>,
    /// Its tables.
    pub tables: Vec<Table>,
}

/// A Lambda function.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// What other resources of the file call it.
    #[serde(skip)]
    pub id: String,
    /// The function's name.
    #[serde(skip)]
    pub name: String,
    /// Such as `nodejs20.x`.
    pub runtime: String,
    /// `file.function`.
    pub handler: String,
    /// In MB; 128 if the file does not say.
    #[serde(default = "default_memory")]
    pub memory: u32,
    /// In seconds; 3 if the file does not say.
    #[serde(default = "default_timeout")]
    pub timeout: u32,
    /// Folder or zip, relative to the file.
    pub code: Option<PathBuf>,
    /// Environment variables beside those that name the tables.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
}

/// An HTTP API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpApi {
    /// What other resources of the file call it.
    #[serde(skip)]
    pub id: String,
    /// The API's name.
    #[serde(skip)]
    pub name: String,
    /// `HTTP` is the only one.
    #[serde(default = "default_protocol")]
    pub protocol: String,
    /// Whether pages of every origin may call it.
    #[serde(default)]
    pub cors: bool,
    /// Route keys; `$default` if the file names none.
    #[serde(default = "default_routes")]
    pub routes: Vec<String>,
    /// The function behind it, by id or name; the project's only one if the file does not say.
    pub function: Option<String>,
}

/// A DynamoDB table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What other resources of the file call it.
    #[serde(skip)]
    pub id: String,
    /// The table's name.
    #[serde(skip)]
    pub name: String,
    /// `PAY_PER_REQUEST` is the only one.
    #[serde(default = "default_billing")]
    pub billing_mode: String,
    /// The partition key.
    pub hash_key: String,
    /// The sort key.
    pub range_key: Option<String>,
    /// Types of key attributes: `S`, `N` or `B`; `S` for those that are not named.
    #[serde(default)]
    pub attribute_types: BTreeMap<String, String>,
}

fn default_memory() -> u32 {
    128
}

fn default_timeout() -> u32 {
    3
}

fn default_protocol() -> String {
    "HTTP".to_owned()
}

fn default_routes() -> Vec<String> {
    vec!["$default".to_owned()]
}

fn default_billing() -> String {
    "PAY_PER_REQUEST".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProject {
    project_name: String,
    provider: String,
    architecture_type: String,
    resources: Vec<RawResource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawResource {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    provider: Option<String>,
    config: serde_yaml_ng::Value,
}

/// What is wrong with a project file.
#[derive(Debug)]
pub enum Error {
    /// It cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// It is no YAML, or not of this shape.
    Malformed(PathBuf, String),
    /// A value that is not offered.
    NotOffered {
        /// Which setting.
        setting: String,
        /// What it says.
        found: String,
        /// What it may say.
        offered: &'static str,
    },
    /// Two resources have one id.
    Duplicate(String),
    /// A reference to a function that the file does not have, or to none where there are several.
    Function(String),
    /// The handler's code is not where it should be.
    Code(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unreadable(path, error) => write!(f, "{} cannot be read: {error}", path.display()),
            Error::Malformed(path, error) => write!(f, "{} is not a project file: {error}", path.display()),
            Error::NotOffered { setting, found, offered } => {
                write!(f, "{setting} is {found:?}, and Tidegate offers {offered}")
            }
            Error::Duplicate(id) => write!(f, "two resources have the id {id:?}"),
            Error::Function(api) => {
                write!(f, "the API {api:?} does not say which function it calls; add `function: ID`")
            }
            Error::Code(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {}

/// Names that a project file has when none is given.
pub const DEFAULT_NAMES: [&str; 4] = ["tidegate.yaml", "tidegate.yml", "project.yaml", "project.yml"];

impl Project {
    /// Reads a project file; a folder stands for the project file in it.
    pub fn read(path: &Path) -> Result<Project, Error> {
        let path = if path.is_dir() { file_in(path)? } else { path.to_owned() };
        let text = std::fs::read_to_string(&path).map_err(|e| Error::Unreadable(path.clone(), e))?;
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        Project::parse(&text, &path, folder)
    }

    /// Reads a project out of its text. `path` is the name in complaints; code is looked for in `folder`.
    ///
    /// # Errors
    /// All but [`Error::Unreadable`] and [`Error::Code`].
    pub fn parse(text: &str, path: &Path, folder: PathBuf) -> Result<Project, Error> {
        let raw: RawProject =
            serde_yaml_ng::from_str(text).map_err(|e| Error::Malformed(path.to_owned(), e.to_string()))?;
        offered("provider", &raw.provider, &["aws"], "aws")?;
        offered("architecture_type", &raw.architecture_type, &["lambda_api"], "lambda_api")?;
        let mut project = Project { name: raw.project_name, folder, functions: vec![], apis: vec![], tables: vec![] };
        for resource in raw.resources {
            project.add(resource, path)?;
        }
        project.check()?;
        Ok(project)
    }

    fn add(&mut self, raw: RawResource, path: &Path) -> Result<(), Error> {
        if let Some(provider) = &raw.provider {
            offered(&format!("{}.provider", raw.id), provider, &["aws"], "aws")?;
        }
        if self.ids().any(|id| id == raw.id) {
            return Err(Error::Duplicate(raw.id));
        }
        let (id, name, config) = (raw.id.clone(), raw.name, raw.config);
        let malformed = |e: serde_yaml_ng::Error| Error::Malformed(path.to_owned(), format!("{}: {e}", raw.id));
        match raw.kind.as_str() {
            "aws_lambda" => {
                let parsed: Function = serde_yaml_ng::from_value(config).map_err(malformed)?;
                self.functions.push(Function { id, name, ..parsed });
            }
            "aws_apigateway_v2" => {
                let parsed: HttpApi = serde_yaml_ng::from_value(config).map_err(malformed)?;
                self.apis.push(HttpApi { id, name, ..parsed });
            }
            "aws_dynamodb" => {
                let parsed: Table = serde_yaml_ng::from_value(config).map_err(malformed)?;
                self.tables.push(Table { id, name, ..parsed });
            }
            other => {
                let offered = "aws_lambda, aws_apigateway_v2 and aws_dynamodb";
                return Err(Error::NotOffered { setting: format!("{id}.type"), found: other.to_owned(), offered });
            }
        }
        Ok(())
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        let functions = self.functions.iter().map(|f| f.id.as_str());
        functions.chain(self.apis.iter().map(|a| a.id.as_str())).chain(self.tables.iter().map(|t| t.id.as_str()))
    }

    fn check(&self) -> Result<(), Error> {
        for api in &self.apis {
            offered(&format!("{}.protocol", api.id), &api.protocol, &["HTTP"], "HTTP")?;
            self.function_of(api)?;
        }
        for table in &self.tables {
            let setting = format!("{}.billing_mode", table.id);
            offered(&setting, &table.billing_mode, &["PAY_PER_REQUEST"], "PAY_PER_REQUEST")?;
        }
        Ok(())
    }

    /// The function behind an API.
    pub fn function_of(&self, api: &HttpApi) -> Result<&Function, Error> {
        let found = match &api.function {
            Some(name) => self.functions.iter().find(|f| f.id == *name || f.name == *name),
            None => self.functions.first().filter(|_| self.functions.len() == 1),
        };
        found.ok_or_else(|| Error::Function(api.id.clone()))
    }
}

fn offered(setting: &str, found: &str, values: &[&str], offered: &'static str) -> Result<(), Error> {
    if values.iter().any(|value| value.eq_ignore_ascii_case(found)) {
        return Ok(());
    }
    Err(Error::NotOffered { setting: setting.to_owned(), found: found.to_owned(), offered })
}

fn file_in(folder: &Path) -> Result<PathBuf, Error> {
    let found = DEFAULT_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    let missing =
        || std::io::Error::new(std::io::ErrorKind::NotFound, format!("it has none of {}", DEFAULT_NAMES.join(", ")));
    found.ok_or_else(|| Error::Unreadable(folder.to_owned(), missing()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(resources: &str) -> Result<Project, String> {
        let text = format!("project_name: p\nprovider: aws\narchitecture_type: lambda_api\nresources:\n{resources}");
        Project::parse(&text, Path::new("p.yaml"), ".".into()).map_err(|e| e.to_string())
    }

    const FUNCTION: &str =
        "- {id: f, type: aws_lambda, name: fn, config: {runtime: nodejs20.x, handler: index.handler}}\n";

    #[test]
    fn fills_in_lambdas_and_dynamodbs_defaults() {
        let project = parse(&format!("{FUNCTION}- {{id: a, type: aws_apigateway_v2, name: api, config: {{}}}}\n"))
            .expect("a project");
        assert_eq!((project.functions[0].memory, project.functions[0].timeout), (128, 3));
        assert_eq!(project.apis[0].routes, ["$default"]);
        assert_eq!(project.function_of(&project.apis[0]).expect("the only one").name, "fn");
    }

    #[test]
    fn says_what_is_wrong() {
        let api = "- {id: a, type: aws_apigateway_v2, name: api, config: {protocol: WEBSOCKET}}\n";
        let cases = [
            (format!("{FUNCTION}{FUNCTION}"), "two resources have the id \"f\""),
            (format!("{FUNCTION}{api}"), "a.protocol is \"WEBSOCKET\", and Tidegate offers HTTP"),
            ("- {id: q, type: aws_sqs, name: q, config: {}}\n".into(), "q.type is \"aws_sqs\""),
            ("- {id: a, type: aws_apigateway_v2, name: api, config: {}}\n".into(), "does not say which function"),
            ("- {id: f, type: aws_lambda, name: f, config: {runtim: x}}\n".into(), "unknown field `runtim`"),
            ("- {id: t, type: aws_dynamodb, name: t, config: {}}\n".into(), "missing field `hash_key`"),
        ];
        for (resources, expected) in cases {
            let error = parse(&resources).expect_err(expected);
            assert!(error.contains(expected), "{error}");
        }
    }
}
