//! What every test here needs: IAM and STS in a registry, over a store that can be opened again.

use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tidegate_core::ports::{Credentials, RoleSession};
use tidegate_core::testing::{Bench, DenyList};
use tidegate_core::{AwsError, Check, Context, Environment, Principal, Registry};
use tidegate_iam::{Mode, Parts};
use tidegate_store::Store;
use tidegate_types::{AccountId, ManualClock, Region, SeededIds, Tags};

/// One installation of IAM.
pub struct House {
    pub parts: Parts,
    pub clock: Arc<ManualClock>,
    pub denied: Arc<DenyList>,
    pub store: Store,
    ids: Arc<SeededIds>,
    registry: Registry,
    /// The root of the local account, allowed everything but what `denied` says.
    pub cx: Context,
    /// The last access key that was made, for `$KEY` in inputs.
    key: Mutex<String>,
}

impl House {
    /// A fresh one, in memory.
    pub async fn new() -> House {
        House::over(Store::memory(), Mode::Enforce).await
    }

    /// Over a store that may hold something.
    pub async fn over(store: Store, mode: Mode) -> House {
        let (bench, ids) = (Bench::new(), Arc::new(SeededIds::new(7)));
        let parts = tidegate_iam::open(store.clone(), bench.clock.clone(), ids.clone(), mode).await.unwrap();
        let mut registry = Registry::default();
        registry.add(&parts.iam);
        registry.add(&parts.sts);
        let Bench { clock, denied, cx } = bench;
        House { parts, clock, denied, store, ids, registry, cx, key: Mutex::default() }
    }

    /// The same after a restart.
    pub async fn again(&self) -> House {
        let key = self.key.lock().unwrap().clone();
        House::over(self.store.clone(), self.parts.access.mode()).await.with_key(key)
    }

    /// Lets go of the store, and gives the last access key that was made.
    pub fn into_key(self) -> String {
        self.key.into_inner().unwrap()
    }

    /// The same with the last access key of another installation over the same store.
    pub fn with_key(self, key: String) -> House {
        House { key: Mutex::new(key), ..self }
    }

    /// A context in which IAM's own policies decide.
    pub fn as_caller(&self, principal: Principal) -> Context {
        let environment =
            Environment { clock: self.clock.clone(), ids: self.ids.clone(), authorizer: self.parts.access.clone() };
        Context::internal(Arc::new(environment), principal, Region::us_east_1())
    }

    /// Calls an operation of IAM or STS as root.
    pub async fn call(&self, operation: &str, input: &str) -> Result<Value, AwsError> {
        self.call_as(&self.cx, operation, input).await
    }

    /// Calls an operation in a context.
    pub async fn call_as(&self, cx: &Context, operation: &str, input: &str) -> Result<Value, AwsError> {
        let text = input.replace("$KEY", &self.key.lock().unwrap());
        let input: Value = serde_json::from_str(&text).expect(input);
        let bound = self.registry.find("iam", operation).or_else(|| self.registry.find("sts", operation));
        let answer = bound.expect(operation).call(cx.clone(), input).await?;
        if let Some(id) = answer.pointer("/AccessKey/AccessKeyId").and_then(Value::as_str) {
            *self.key.lock().unwrap() = id.to_owned();
        }
        Ok(answer)
    }

    /// Calls operations that must succeed.
    pub async fn prepare(&self, calls: &[(&str, &str)]) {
        for (operation, input) in calls {
            let got = self.call(operation, input).await;
            assert!(got.is_ok(), "{operation} {input}: {got:?}");
        }
    }

    /// The registry's operations, by service and name.
    pub fn operations(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let all = self.registry.services();
        all.flat_map(|(model, ops)| ops.values().map(move |op| (model, op.name, op.action))).collect()
    }
}

/// An identity policy with one statement.
pub fn document(effect: &str, action: &str, resource: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": {"Effect": effect, "Action": action, "Resource": resource}})
        .to_string()
}

/// A trust policy.
pub fn trust(principal: Value, condition: Value) -> String {
    let actions = ["sts:AssumeRole", "sts:TagSession"];
    let statement = json!({"Effect": "Allow", "Principal": principal, "Action": actions, "Condition": condition});
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

impl House {
    /// Calls an operation that must succeed.
    pub async fn done(&self, operation: &str, input: Value) -> Value {
        let got = self.call(operation, &input.to_string()).await;
        got.unwrap_or_else(|error| panic!("{operation} {input}: {error}"))
    }

    /// Makes a role.
    pub async fn role(&self, name: &str, trust: String) {
        self.done("CreateRole", json!({"RoleName": name, "AssumeRolePolicyDocument": trust})).await;
    }

    /// Makes a user with a key; gives the key's id and secret.
    pub async fn user(&self, name: &str) -> (String, String) {
        self.done("CreateUser", json!({"UserName": name})).await;
        let made = self.done("CreateAccessKey", json!({"UserName": name})).await;
        let text = |member: &str| made["AccessKey"][member].as_str().unwrap().to_owned();
        (text("AccessKeyId"), text("SecretAccessKey"))
    }

    /// Whose key it is.
    pub fn principal(&self, key: &str, token: Option<&str>) -> Principal {
        Principal::clone(&self.parts.access.identity(key, token).expect("the key is good").principal)
    }

    /// Asks IAM for a permission.
    pub fn ask(&self, principal: &Principal, check: &Check) -> Result<(), AwsError> {
        self.as_caller(principal.clone()).authorize(check)
    }
}

/// The permission that most tests ask for.
pub fn get_object() -> Check {
    Check::new("s3:GetObject", "arn:aws:s3:::b/k")
}

/// What a service asks for when it assumes a role.
pub fn session_of(role: &str, service: &str) -> RoleSession {
    RoleSession {
        role_arn: format!("arn:aws:iam::000000000000:role/{role}"),
        service: service.to_owned(),
        session_name: "f".to_owned(),
        source_arn: Some("arn:aws:lambda:us-east-1:000000000000:function:f".to_owned()),
        source_account: AccountId::local(),
        region: Region::us_east_1(),
        duration_s: 3_600,
        tags: Tags::new(),
    }
}
