//! A client of AWS' APIs: the same requests that an SDK would send, made from the model. It talks to the server on this
//! machine, as any client does: over HTTP, signed.

mod names;
mod request;
mod response;
mod signing;

use crate::http::{self, Failure};
use serde_json::{Value, json};
use std::fmt;
use tidegate_model as model;

/// Talks to one server in one region with one key.
#[derive(Debug, Clone)]
pub struct Client {
    /// The server's port on this machine.
    pub port: u16,
    /// The region that requests are for.
    pub region: String,
    /// The access key id.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
}

/// Why a call gave nothing.
#[derive(Debug)]
pub enum Error {
    /// The service's answer: code, HTTP status, message.
    Service {
        /// The operation that was called, such as `lambda:CreateFunction`.
        operation: String,
        /// The error's code, such as `ResourceNotFoundException`.
        code: String,
        /// The HTTP status.
        status: u16,
        /// What the service says.
        message: String,
    },
    /// There was no answer.
    Unreachable(Failure),
    /// The model knows no such operation: a mistake in the caller.
    UnknownOperation(String),
}

impl Error {
    /// Whether the service says that the thing is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Error::Service { status: 404, .. })
            || self.code().is_some_and(|c| c.contains("NotFound") || c == "NoSuchEntity")
    }

    /// The service's error code.
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Service { code, .. } => Some(code),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Service { operation, code, message, .. } => write!(f, "{operation} answered {code}: {message}"),
            Error::Unreachable(error) => write!(f, "the server cannot be reached: {error}"),
            Error::UnknownOperation(name) => write!(f, "the API model has no operation {name}"),
        }
    }
}

impl std::error::Error for Error {}

impl Client {
    /// A client with the account root's well-known key.
    pub fn local(port: u16, region: &str) -> Client {
        let (access_key_id, secret_access_key) = ("test".to_owned(), "test".to_owned());
        Client { port, region: region.to_owned(), access_key_id, secret_access_key }
    }

    /// Calls an operation with a document of its input's members and gives the output's members.
    pub async fn call(&self, service: &str, operation: &str, input: Value) -> Result<Value, Error> {
        let unknown = || Error::UnknownOperation(format!("{service}:{operation}"));
        let model = model::service(service).ok_or_else(unknown)?;
        let operation = model.operation(operation).ok_or_else(unknown)?;
        let request = request::build(model, operation, &input);
        let request = signing::sign(self, model, request).map_err(Error::Unreachable)?;
        let answer = http::send(self.port, request).await.map_err(Error::Unreachable)?;
        response::read(model, operation, &answer)
    }

    /// All items of a listing, page by page. `items` is the member that holds a page's; `token` are the members for the
    /// next page: the output's and the input's.
    ///
    /// # Errors
    /// Those of [`Client::call`].
    pub async fn pages(
        &self,
        service: &str,
        operation: &str,
        items: &str,
        token: [&str; 2],
    ) -> Result<Vec<Value>, Error> {
        let (mut all, mut input) = (Vec::new(), json!({}));
        loop {
            let mut page = self.call(service, operation, input).await?;
            if let Some(Value::Array(values)) = page.get_mut(items).map(Value::take) {
                all.extend(values);
            }
            match page.get(token[0]).and_then(Value::as_str).filter(|next| !next.is_empty()) {
                Some(next) => input = json!({ token[1]: next }),
                None => return Ok(all),
            }
        }
    }
}
