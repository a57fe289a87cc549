//! The server under measurement: the release binary, as users run it.

use crate::reference::{Reference, free_port};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use tidegate_project::Client;

/// A running server with data of its own.
pub struct Tidegate {
    /// Its port.
    pub port: u16,
    /// A client of it.
    pub client: Client,
    _process: Reference,
    _data: TempDir,
}

/// The release binary.
pub fn binary() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/tidegate")
}

impl Tidegate {
    /// Starts one, with its data on the disk that the repository is on.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start() -> Tidegate {
        let (port, data) =
            (free_port(), TempDir::new_in(binary().parent().expect("it is in a folder")).expect("a folder"));
        let mut command = Command::new(binary());
        command.args(["start", "--port", &port.to_string(), "--data"]).arg(data.path());
        let process = Reference::start(&mut command, port);
        Tidegate { port, client: Client::local(port, "us-east-1"), _process: process, _data: data }
    }

    /// Calls an operation.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn call(&self, service: &str, operation: &str, input: Value) -> Value {
        self.client.call(service, operation, input).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Makes a role that functions can have; its ARN.
    pub async fn role(&self) -> String {
        let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" }] });
        let input = json!({ "RoleName": "bench", "AssumeRolePolicyDocument": trust.to_string() });
        let role = self.call("iam", "CreateRole", input).await;
        role["Role"]["Arn"].as_str().unwrap_or_default().to_owned()
    }

    /// Makes a function of one file; its ARN.
    pub async fn function(&self, name: &str, role: &str, runtime: &str, file: (&str, &str)) -> String {
        let zip = tidegate_types::Blob(zip(file));
        let input = json!({ "FunctionName": name, "Role": role, "Runtime": runtime, "Handler": "index.handler", "MemorySize": 1024, "Timeout": 10, "Code": { "ZipFile": zip } });
        let made = self.call("lambda", "CreateFunction", input).await;
        made["FunctionArn"].as_str().unwrap_or_default().to_owned()
    }

    /// Puts an HTTP API with a `$default` route in front of a function; the API's id.
    pub async fn http_api(&self, function: &str, arn: &str) -> String {
        let api = self
            .call("apigatewayv2", "CreateApi", json!({ "Name": function, "ProtocolType": "HTTP", "Target": arn }))
            .await;
        let id = api["ApiId"].as_str().unwrap_or_default().to_owned();
        let source = format!("arn:aws:execute-api:us-east-1:000000000000:{id}/*/*");
        let input = json!({ "FunctionName": function, "StatementId": "api", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "SourceArn": source });
        self.call("lambda", "AddPermission", input).await;
        id
    }
}

fn zip((name, text): (&str, &str)) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let written = zip
        .start_file(name, zip::write::SimpleFileOptions::default())
        .map_err(std::io::Error::from)
        .and_then(|()| zip.write_all(text.as_bytes()))
        .and_then(|()| zip.finish().map_err(std::io::Error::from));
    written.expect("memory takes what is written").into_inner()
}
