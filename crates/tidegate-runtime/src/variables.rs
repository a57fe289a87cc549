//! The environment variables of a function's process.
//! <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>

use crate::{Credentials, FunctionSpec, LogFormat, RuntimeId};
use std::collections::BTreeMap;

/// Where a process finds the parts of its file tree; AWS' own paths wherever there is a mount namespace.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    /// The code: `/var/task`.
    pub task: String,
    /// The layers: `/opt`.
    pub opt: String,
    /// The bootstrap and the SDK: `/var/runtime`.
    pub runtime: String,
    /// The interpreter: `/var/lang`.
    pub lang: String,
    /// Private space: `/tmp`.
    pub tmp: String,
    /// The certificate of the endpoint's authority.
    pub authority: Option<&'static str>,
}

/// What the platform sets for each process of a runtime, whatever the function.
pub(crate) fn base(runtime: RuntimeId, paths: &Paths) -> BTreeMap<String, String> {
    let Paths { task, opt, runtime: dir, lang, tmp, authority } = paths;
    let mut all = BTreeMap::new();
    let mut set = |name: &str, value: String| all.insert(name.to_owned(), value);
    set("LAMBDA_RUNTIME_DIR", dir.clone());
    set("LAMBDA_TASK_ROOT", task.clone());
    set("LANG", "en_US.UTF-8".into());
    set("LD_LIBRARY_PATH", format!("{lang}/lib:/lib64:/usr/lib64:{dir}:{dir}/lib:{task}:{task}/lib:{opt}/lib"));
    set("PATH", format!("{lang}/bin:/usr/local/bin:/usr/bin/:/bin:{opt}/bin"));
    set("PWD", task.clone());
    set("SHLVL", "0".into());
    set("TZ", ":UTC".into());
    match runtime {
        RuntimeId::Node(major) => {
            let node_path = format!(
                "{opt}/nodejs/node{major}/node_modules:{opt}/nodejs/node_modules:{dir}/node_modules:{dir}:{task}"
            );
            set("NODE_PATH", node_path);
            // Read when the process starts; the bootstrap then takes it away.
            if let Some(path) = authority {
                set("NODE_EXTRA_CA_CERTS", (*path).into());
            }
        }
        RuntimeId::Python(_) => {
            set("PYTHONPATH", dir.clone());
            set("LC_CTYPE", "C.UTF-8".into());
            if let Some(path) = authority {
                set("AWS_CA_BUNDLE", (*path).into());
            }
        }
    }
    if tmp != "/tmp" {
        // Without a mount namespace the private folder has to be pointed at.
        set("TMPDIR", tmp.clone());
    }
    all
}

/// All variables of a function's process.
pub(crate) fn all(
    function: &FunctionSpec,
    stream: &str,
    paths: &Paths,
    credentials: &Credentials,
    endpoint_url: &str,
) -> BTreeMap<String, String> {
    let mut all = base(function.runtime, paths);
    let mut set = |name: &str, value: &str| all.insert(name.to_owned(), value.to_owned());
    set("AWS_DEFAULT_REGION", function.region.as_str());
    set("AWS_REGION", function.region.as_str());
    set("AWS_ENDPOINT_URL", endpoint_url);
    set("AWS_EXECUTION_ENV", &format!("AWS_Lambda_{}", function.runtime));
    set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &function.memory_mb.to_string());
    set("AWS_LAMBDA_FUNCTION_NAME", &function.name);
    set("AWS_LAMBDA_FUNCTION_VERSION", &function.version);
    set("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    set("AWS_LAMBDA_LOG_GROUP_NAME", &function.logging.group);
    set("AWS_LAMBDA_LOG_STREAM_NAME", stream);
    set("AWS_LAMBDA_RUNTIME_API", "169.254.100.1:9001");
    set("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
    set("AWS_XRAY_DAEMON_ADDRESS", "169.254.100.1:2000");
    set("_AWS_XRAY_DAEMON_ADDRESS", "169.254.100.1");
    set("_AWS_XRAY_DAEMON_PORT", "2000");
    set("_HANDLER", &function.handler);
    if function.logging.format == LogFormat::Json {
        set("AWS_LAMBDA_LOG_FORMAT", "JSON");
        set("AWS_LAMBDA_LOG_LEVEL", function.logging.application_level.as_str());
    }
    all.extend(of_credentials(credentials));
    all.extend(function.variables.iter().map(|(name, value)| (name.clone(), value.clone())));
    all
}

/// The variables that change when credentials are renewed.
pub(crate) fn of_credentials(credentials: &Credentials) -> BTreeMap<String, String> {
    let Credentials { access_key_id, secret_access_key, session_token, .. } = credentials;
    [
        ("AWS_ACCESS_KEY_ID", access_key_id),
        ("AWS_SECRET_ACCESS_KEY", secret_access_key),
        ("AWS_SESSION_TOKEN", session_token),
    ]
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .into()
}

/// Beginnings of the names that an interpreter, its libraries or the loader read when a process starts. A function that
/// sets one of them cannot take over a process that runs already.
const READ_AT_START: [&str; 12] = [
    "NODE_",
    "PYTHON",
    "LD_",
    "LC_",
    "LANG",
    "OPENSSL_",
    "SSL_",
    "UV_",
    "MALLOC_",
    "GLIBC_",
    "TZ",
    "AWS_LAMBDA_EXEC_WRAPPER",
];

/// Whether the user's variables only matter to the function itself.
pub(crate) fn fit_running_process(variables: &BTreeMap<String, String>) -> bool {
    !variables.keys().any(|name| READ_AT_START.iter().any(|prefix| name.starts_with(prefix)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::test_spec;
    use tidegate_types::Timestamp;

    fn aws_paths() -> Paths {
        Paths {
            task: "/var/task".into(),
            opt: "/opt".into(),
            runtime: "/var/runtime".into(),
            lang: "/var/lang".into(),
            tmp: "/tmp".into(),
            authority: None,
        }
    }

    fn names(runtime: RuntimeId) -> Vec<String> {
        let mut spec = test_spec();
        spec.runtime = runtime;
        let credentials = Credentials {
            access_key_id: "A".into(),
            secret_access_key: "S".into(),
            session_token: "T".into(),
            expiration: Timestamp::from_ms(0),
        };
        all(&spec, "stream", &aws_paths(), &credentials, "http://127.0.0.1:4566").into_keys().collect()
    }

    /// The set that was recorded on AWS, `_X_AMZN_TRACE_ID` apart, which comes with each invocation, and the endpoint.
    const COMMON: [&str; 30] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "LANG",
        "LD_LIBRARY_PATH",
        "PATH",
        "PWD",
        "SHLVL",
        "TZ",
        "_AWS_XRAY_DAEMON_ADDRESS",
        "_AWS_XRAY_DAEMON_PORT",
        "_HANDLER",
        "NODE_PATH",
        "PYTHONPATH",
        "LC_CTYPE",
    ];

    #[test]
    fn sets_exactly_what_aws_sets() {
        let table: [(RuntimeId, &[&str]); 2] =
            [(RuntimeId::Node(20), &["PYTHONPATH", "LC_CTYPE"]), (RuntimeId::Python(13), &["NODE_PATH"])];
        for (runtime, absent) in table {
            let mut expected: Vec<&str> = COMMON.into_iter().filter(|name| !absent.contains(name)).collect();
            expected.sort_unstable();
            assert_eq!(names(runtime), expected);
        }
    }

    #[test]
    fn values_have_aws_form() {
        let base = base(RuntimeId::Node(20), &aws_paths());
        let table = [
            (
                "LD_LIBRARY_PATH",
                "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
            ),
            (
                "NODE_PATH",
                "/opt/nodejs/node20/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task",
            ),
            ("PATH", "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin"),
        ];
        for (name, value) in table {
            assert_eq!(base[name], value);
        }
    }

    #[test]
    fn knows_what_a_running_process_cannot_take() {
        let table = [
            ("TABLE_NAME", true),
            ("NODE_OPTIONS", false),
            ("PYTHONUNBUFFERED", false),
            ("TZ", false),
            ("MY_TZ", true),
        ];
        for (name, fits) in table {
            assert_eq!(fit_running_process(&[(name.to_owned(), String::new())].into()), fits, "{name}");
        }
    }
}
