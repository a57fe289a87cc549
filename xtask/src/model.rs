//! `cargo xtask model`: turns the API models that the `botocore` Python package ships (Apache-2.0) into one compact
//! text table per service. Facts only: names, types, bindings and constraints, never documentation text.
//! `crates/tidegate-model/src/table.rs` reads the tables; the format is described there.

use crate::Outcome;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The services we know, by botocore's folder name, in alphabetical order.
const SERVICES: &[&str] = &[
    "apigateway",
    "apigatewayv2",
    "cloudformation",
    "cloudwatch",
    "cognito-idp",
    "dynamodb",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "sts",
    "wafv2",
    "xray",
];

/// Runs the command.
pub fn run(args: &[String]) -> Outcome {
    let from = match args {
        [] => installed()?,
        [flag, dir] if flag == "--from" => PathBuf::from(dir),
        _ => return Err("usage: cargo xtask model [--from DIR]".into()),
    };
    let data = [from.join("data"), from.clone()].into_iter().find(|d| d.join("lambda").is_dir());
    let data = data.ok_or_else(|| format!("{} holds no botocore models", from.display()))?;
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/tidegate-model/data");
    std::fs::create_dir_all(&target).map_err(|e| e.to_string())?;
    for service in SERVICES {
        let text = table(service, &newest(&data.join(service))?)?;
        println!("{service:16} {:8} bytes", text.len());
        std::fs::write(target.join(format!("{service}.tsv")), text).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// Where the machine's Python keeps botocore.
fn installed() -> Result<PathBuf, String> {
    let output = Command::new("python3").args(["-c", "import botocore; print(botocore.__path__[0])"]).output();
    let output = output.map_err(|e| format!("python3: {e}"))?;
    if !output.status.success() {
        return Err("python3 finds no botocore; hint: pip install botocore, or --from DIR".into());
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// The folder of the newest API version; the names are dates.
fn newest(service: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(service).map_err(|e| format!("{}: {e}", service.display()))?;
    let newest = entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()).max();
    newest.ok_or_else(|| format!("{} is empty", service.display()))
}

fn load(folder: &Path, name: &str) -> Result<Value, String> {
    let plain = folder.join(format!("{name}.json"));
    let bytes = if plain.exists() {
        std::fs::read(&plain).map_err(|e| e.to_string())?
    } else {
        let packed = folder.join(format!("{name}.json.gz"));
        let output = Command::new("gzip").arg("-dc").arg(&packed).output().map_err(|e| format!("gzip: {e}"))?;
        if !output.status.success() {
            return Err(format!("{}: cannot be unpacked", packed.display()));
        }
        output.stdout
    };
    serde_json::from_slice(&bytes).map_err(|e| format!("{}/{name}: {e}", folder.display()))
}

/// One service's whole table.
fn table(service: &str, folder: &Path) -> Result<String, String> {
    let model = load(folder, "service-2")?;
    let pages = load(folder, "paginators-1").unwrap_or(Value::Null);
    let mut out = String::new();
    header(&mut out, service, &model["metadata"]);
    for (name, operation) in entries(&model["operations"]) {
        operation_row(&mut out, name, operation, &pages["pagination"][name])?;
    }
    let reachable = reachable(&model);
    for (name, shape) in entries(&model["shapes"]).into_iter().filter(|(name, _)| reachable.contains(*name)) {
        shape_rows(&mut out, name, shape)?;
    }
    Ok(out)
}

/// An object's entries in the order of their names, which is the order that the reader's binary search needs.
fn entries(value: &Value) -> Vec<(&str, &Value)> {
    let mut entries: Vec<_> = value.as_object().into_iter().flatten().map(|(k, v)| (k.as_str(), v)).collect();
    entries.sort_by_key(|(name, _)| *name);
    entries
}

fn header(out: &mut String, service: &str, meta: &Value) {
    let text = |key: &str| meta[key].as_str();
    let protocols = match meta["protocols"].as_array() {
        Some(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        None => text("protocol").unwrap_or_default().to_string(),
    };
    let endpoint = text("endpointPrefix");
    let rows = [
        ("service", Some(service)),
        ("id", text("serviceId")),
        ("version", text("apiVersion")),
        ("endpoint", endpoint),
        ("signing", text("signingName").or(endpoint)),
        ("protocols", Some(protocols.as_str())),
        ("json", text("jsonVersion").filter(|_| protocols.split(',').any(|p| p == "json"))),
        ("target", text("targetPrefix")),
        ("namespace", text("xmlNamespace")),
        ("query-compatible", meta.get("awsQueryCompatible").map(|_| "yes")),
    ];
    for (key, value) in rows {
        // Writing into a String cannot fail.
        let _ = value.map(|value| writeln!(out, "{key}\t{value}"));
    }
}

fn operation_row(out: &mut String, name: &str, operation: &Value, page: &Value) -> Outcome {
    let http = &operation["http"];
    let mut row = Row::new("op", name);
    row.plain(http["method"].as_str().unwrap_or("POST"))?;
    row.plain(http["requestUri"].as_str().unwrap_or("/"))?;
    row.number("code", &http["responseCode"]);
    row.text("in", &operation["input"]["shape"])?;
    row.text("element", &operation["input"]["locationName"])?;
    row.text("ns", &operation["input"]["xmlNamespace"]["uri"])?;
    row.text("out", &operation["output"]["shape"])?;
    row.text("wrap", &operation["output"]["resultWrapper"])?;
    row.flag("noauth", operation["authtype"] == "none");
    row.flag("deprecated", operation["deprecated"] == true);
    for error in operation["errors"].as_array().into_iter().flatten() {
        row.text("err", &error["shape"])?;
    }
    for (key, of) in [("page-in", "input_token"), ("page-out", "output_token"), ("page-limit", "limit_key")] {
        row.list(key, &page[of])?;
    }
    row.list("page-items", &page["result_key"])?;
    row.list("page-more", &page["more_results"])?;
    row.finish(out);
    Ok(())
}

fn shape_rows(out: &mut String, name: &str, shape: &Value) -> Outcome {
    let kind = shape["type"].as_str().ok_or_else(|| format!("{name} has no type"))?;
    let mut row = Row::new(kind, name);
    for (key, of) in [("member", "member"), ("key", "key"), ("value", "value")] {
        row.text(key, &shape[of]["shape"])?;
        row.text(&format!("{key}-name"), &shape[of]["locationName"])?;
    }
    row.number("min", &shape["min"]);
    row.number("max", &shape["max"]);
    row.pattern(&shape["pattern"]);
    for value in shape["enum"].as_array().into_iter().flatten() {
        row.text("enum", value)?;
    }
    row.text("format", &shape["timestampFormat"])?;
    row.text("name", &shape["locationName"])?;
    row.text("ns", &shape["xmlNamespace"]["uri"])?;
    row.text("ns-prefix", &shape["xmlNamespace"]["prefix"])?;
    row.text("payload", &shape["payload"])?;
    for flag in ["flattened", "sensitive", "streaming", "eventstream", "event", "union", "document"] {
        row.flag(flag, shape[flag] == true);
    }
    error_columns(&mut row, shape)?;
    row.finish(out);
    member_rows(out, shape)
}

fn error_columns(row: &mut Row, shape: &Value) -> Outcome {
    row.flag("error", shape["exception"] == true || shape["error"].is_object());
    row.number("status", &shape["error"]["httpStatusCode"]);
    row.text("error-code", &shape["error"]["code"])?;
    row.flag("server-fault", shape["fault"] == true);
    Ok(())
}

fn member_rows(out: &mut String, shape: &Value) -> Outcome {
    let required: BTreeSet<&str> =
        shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, member) in shape["members"].as_object().into_iter().flatten() {
        let mut row = Row::new(".", name);
        row.plain(member["shape"].as_str().unwrap_or_default())?;
        row.flag("required", required.contains(name.as_str()));
        row.text("at", &member["location"])?;
        row.text("name", &member["locationName"])?;
        row.text("format", &member["timestampFormat"])?;
        row.text("ns", &member["xmlNamespace"]["uri"])?;
        row.text("ns-prefix", &member["xmlNamespace"]["prefix"])?;
        for value in member["enum"].as_array().into_iter().flatten() {
            row.text("enum", value)?;
        }
        row.flag("attribute", member["xmlAttribute"] == true);
        row.flag("token", member["idempotencyToken"] == true);
        for flag in ["flattened", "streaming", "jsonvalue", "eventpayload", "eventheader"] {
            row.flag(flag, member[flag] == true);
        }
        row.finish(out);
    }
    Ok(())
}

/// Names of the shapes that some operation leads to.
fn reachable(model: &Value) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = Vec::new();
    for (_, operation) in entries(&model["operations"]) {
        let errors = operation["errors"].as_array().into_iter().flatten();
        let shapes = [&operation["input"], &operation["output"]].into_iter().chain(errors);
        open.extend(shapes.filter_map(|s| s["shape"].as_str()));
    }
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            let shape = &model["shapes"][name];
            let members = entries(&shape["members"]).into_iter().map(|(_, m)| m);
            let parts = members.chain([&shape["member"], &shape["key"], &shape["value"]]);
            open.extend(parts.filter_map(|s| s["shape"].as_str()));
        }
    }
    seen
}

/// One line under construction: cells divided by tabs.
struct Row(String);

impl Row {
    fn new(kind: &str, name: &str) -> Row {
        Row(format!("{kind}\t{name}"))
    }

    fn plain(&mut self, text: &str) -> Outcome {
        if text.contains(['\t', '\n', '\r']) {
            return Err(format!("{text:?} does not fit in a cell"));
        }
        self.0.push('\t');
        self.0.push_str(text);
        Ok(())
    }

    fn text(&mut self, key: &str, value: &Value) -> Outcome {
        value.as_str().map_or(Ok(()), |text| self.plain(&format!("{key}={text}")))
    }

    fn list(&mut self, key: &str, value: &Value) -> Outcome {
        let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        list.iter().try_for_each(|entry| self.text(key, entry))
    }

    fn number(&mut self, key: &str, value: &Value) {
        if value.is_number() {
            let _ = write!(self.0, "\t{key}={value}");
        }
    }

    /// Regular expressions may hold raw control characters; their escapes mean the same.
    fn pattern(&mut self, value: &Value) {
        if let Some(text) = value.as_str() {
            let text = text.replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
            let _ = write!(self.0, "\tpattern={text}");
        }
    }

    fn flag(&mut self, name: &str, set: bool) {
        if set {
            let _ = write!(self.0, "\t{name}");
        }
    }

    fn finish(self, out: &mut String) {
        out.push_str(&self.0);
        out.push('\n');
    }
}
