//! What item operations ask the authorizer.

mod common;

use common::Session;
use std::sync::{Arc, Mutex};
use tidegate_core::{Authorizer, AwsError, Check, Context, Environment, Principal, PrincipalKind};

/// Allows everything and remembers what was asked.
#[derive(Default)]
struct Recorder(Mutex<Vec<Check>>);

impl Authorizer for Recorder {
    fn authorize(&self, _: &Context, check: &Check) -> Result<(), AwsError> {
        self.0.lock().unwrap().push(check.clone());
        Ok(())
    }
}

/// A session of a role, and the record of its checks.
async fn role_session() -> (Session, Arc<Recorder>) {
    let mut s = Session::new();
    s.table(true).await;
    s.ok(
        "TagResource",
        r#"{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/tab","Tags":[{"Key":"team","Value":"a"}]}"#,
    )
    .await;
    let recorder = Arc::new(Recorder::default());
    let old = &s.bench.cx.environment;
    let environment = Environment { clock: old.clock.clone(), ids: old.ids.clone(), authorizer: recorder.clone() };
    let kind = PrincipalKind::AssumedRole {
        role_path_and_name: "/api".to_owned(),
        role_id: "AROA1".to_owned(),
        session_name: "s".to_owned(),
    };
    let principal = Principal::of(s.bench.cx.account.clone(), kind);
    s.bench.cx = Context::internal(Arc::new(environment), principal, s.bench.cx.region.clone());
    (s, recorder)
}

const TABLE: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/tab";

/// Each check as "action resource key=values …", the table's tag left out.
fn told(recorder: &Recorder) -> Vec<String> {
    let checks = std::mem::take(&mut *recorder.0.lock().unwrap());
    let line = |check: &Check| {
        let conditions = check.conditions.iter().filter(|(key, _)| *key != "aws:ResourceTag/team");
        let conditions: Vec<String> = conditions.map(|(key, values)| format!(" {key}={}", values.join(","))).collect();
        format!("{} {}{}", check.action, check.resource.replace(TABLE, "T"), conditions.concat())
    };
    assert!(checks.iter().all(|c| c.conditions["aws:ResourceTag/team"] == ["a"]));
    checks.iter().map(line).collect()
}

#[tokio::test]
async fn checks_carry_tables_keys_and_attributes() {
    let (s, recorder) = role_session().await;
    let key = r#""TableName":"tab","Key":{"pk":{"S":"alice"},"sk":{"N":"1"}}"#;
    let cases = [
        ("PutItem", r#"{"TableName":"tab","Item":{"pk":{"S":"alice"},"sk":{"N":"1"},"v":{"N":"1"}},"ReturnValues":"ALL_OLD"}"#.to_owned(),
            vec!["dynamodb:PutItem T dynamodb:Attributes=pk,sk,v dynamodb:LeadingKeys=alice dynamodb:ReturnValues=ALL_OLD"]),
        ("GetItem", format!(r#"{{{key},"ProjectionExpression":"v, m.x"}}"#), vec!["dynamodb:GetItem T dynamodb:Attributes=m,v dynamodb:LeadingKeys=alice"]),
        ("UpdateItem", format!(r#"{{{key},"UpdateExpression":"SET w = :w","ConditionExpression":"v > :w","ExpressionAttributeValues":{{":w":{{"N":"0"}}}}}}"#),
            vec!["dynamodb:UpdateItem T dynamodb:Attributes=pk,sk,v,w dynamodb:LeadingKeys=alice"]),
        ("Query", r#"{"TableName":"tab","KeyConditionExpression":"sk > :s AND pk = :p","ExpressionAttributeValues":{":p":{"S":"alice"},":s":{"N":"0"}},"Select":"COUNT"}"#.to_owned(),
            vec!["dynamodb:Query T dynamodb:Attributes=pk,sk dynamodb:LeadingKeys=alice dynamodb:Select=COUNT"]),
        ("Scan", r#"{"TableName":"tab"}"#.to_owned(), vec!["dynamodb:Scan T"]),
        ("BatchGetItem", r#"{"RequestItems":{"tab":{"Keys":[{"pk":{"S":"alice"},"sk":{"N":"1"}},{"pk":{"S":"bob"},"sk":{"N":"1"}}]}}}"#.to_owned(),
            vec!["dynamodb:BatchGetItem T dynamodb:LeadingKeys=alice,bob"]),
        ("TransactWriteItems", format!(r#"{{"TransactItems":[{{"Delete":{{{key}}}}},{{"ConditionCheck":{{"TableName":"tab","Key":{{"pk":{{"S":"bob"}},"sk":{{"N":"1"}}}},"ConditionExpression":"attribute_not_exists(v)"}}}}]}}"#),
            vec!["dynamodb:DeleteItem T dynamodb:EnclosingOperation=TransactWriteItems dynamodb:LeadingKeys=alice",
                "dynamodb:ConditionCheckItem T dynamodb:Attributes=v dynamodb:EnclosingOperation=TransactWriteItems dynamodb:LeadingKeys=bob"]),
    ];
    for (operation, input, expect) in cases {
        s.ok(operation, &input).await;
        assert_eq!(told(&recorder), expect, "{operation}");
    }
}

#[tokio::test]
async fn index_queries_ask_for_the_index() {
    let (s, recorder) = role_session().await;
    let query = r#"{"TableName":"tab","IndexName":"gsi1","KeyConditionExpression":"g = :p","ExpressionAttributeValues":{":p":{"S":"x"}}}"#;
    assert_eq!(s.err("Query", query).await.1, "The table does not have the specified index: gsi1");
    assert!(told(&recorder)[0].starts_with("dynamodb:Query T/index/gsi1 "));
}

#[tokio::test]
async fn other_accounts_need_a_resource_policy() {
    let s = Session::new();
    let foreign = r#"{"TableName":"arn:aws:dynamodb:us-east-1:111111111111:table/tab","Key":{"pk":{"S":"a"}}}"#;
    let (code, message) = s.err("GetItem", foreign).await;
    assert_eq!(code, "AccessDeniedException");
    assert!(message.ends_with("because no resource-based policy allows the dynamodb:GetItem action"), "{message}");
}

#[tokio::test]
async fn writes_go_on_while_the_table_changes() {
    let s = Arc::new(Session::new());
    s.table(true).await;
    let update = r#"{"TableName":"tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"UpdateExpression":"ADD n :one SET g = :g","ExpressionAttributeValues":{":one":{"N":"1"},":g":{"S":"x"}}}"#;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..60 {
        let s = s.clone();
        running.spawn(async move { drop(s.ok("UpdateItem", update).await) });
    }
    s.ok("UpdateTable", r#"{"TableName":"tab","AttributeDefinitions":[{"AttributeName":"g","AttributeType":"S"}],"GlobalSecondaryIndexUpdates":[
        {"Create":{"IndexName":"late","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}}]}"#).await;
    running.join_all().await;
    let found = s.ok("Scan", r#"{"TableName":"tab","IndexName":"late"}"#).await;
    assert_eq!((&found["Count"], &found["Items"][0]["n"]["N"]), (&serde_json::json!(1), &serde_json::json!("60")));
}
