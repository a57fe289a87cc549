//! Tables and their settings.

mod common;

use common::{Session, json};
use tidegate_dynamodb::tables::TABLES;
use tidegate_types::Clock;

const KEY: &str = r#""AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]"#;

#[tokio::test]
async fn descriptions_have_what_terraform_reads() {
    let s = Session::new();
    let create = r#"{"TableName":"my-api","BillingMode":"PAY_PER_REQUEST","Tags":[{"Key":"Environment","Value":"production"}],
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"gsi1pk","AttributeType":"S"},{"AttributeName":"gsi1sk","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
        "GlobalSecondaryIndexes":[{"IndexName":"gsi1","KeySchema":[{"AttributeName":"gsi1pk","KeyType":"HASH"},{"AttributeName":"gsi1sk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]}"#;
    let made = s.ok("CreateTable", create).await;
    assert_eq!(made["TableDescription"]["TableStatus"], "CREATING");
    let table = s.ok("DescribeTable", r#"{"TableName":"my-api"}"#).await["Table"].clone();
    let id = table["TableId"].as_str().unwrap().to_owned();
    let expect = json(&r#"{"TableName":"my-api","TableStatus":"ACTIVE","TableId":"ID","CreationDateTime":1795253400,
        "TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/my-api","TableSizeBytes":0,"ItemCount":0,"DeletionProtectionEnabled":false,
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"gsi1pk","AttributeType":"S"},{"AttributeName":"gsi1sk","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
        "BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST","LastUpdateToPayPerRequestDateTime":1795253400},
        "ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0},
        "WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"},
        "GlobalSecondaryIndexes":[{"IndexName":"gsi1","IndexStatus":"ACTIVE","IndexArn":"arn:aws:dynamodb:us-east-1:000000000000:table/my-api/index/gsi1",
          "KeySchema":[{"AttributeName":"gsi1pk","KeyType":"HASH"},{"AttributeName":"gsi1sk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"},
          "IndexSizeBytes":0,"ItemCount":0,"ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0},
          "WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"}}]}"#.replace("\"ID\"", &format!("\"{id}\"")));
    assert_eq!(table, expect);
    let arn = r#"{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/my-api"}"#;
    assert_eq!(s.ok("ListTagsOfResource", arn).await, json(r#"{"Tags":[{"Key":"Environment","Value":"production"}]}"#));
    assert_eq!(
        s.ok("DescribeContinuousBackups", r#"{"TableName":"my-api"}"#).await,
        json(
            r#"{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}}"#
        )
    );
    assert_eq!(
        s.ok("DescribeTimeToLive", r#"{"TableName":"my-api"}"#).await,
        json(r#"{"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}}"#)
    );
    let gone = s.ok("DeleteTable", r#"{"TableName":"my-api"}"#).await;
    assert_eq!(gone["TableDescription"]["TableStatus"], "DELETING");
    let told =
        ("ResourceNotFoundException".to_owned(), "Requested resource not found: Table: my-api not found".to_owned());
    assert_eq!(s.err("DescribeTable", r#"{"TableName":"my-api"}"#).await, told);
}

#[tokio::test]
async fn a_new_table_has_none_of_the_old_ones_items() {
    let s = Session::new();
    s.table(false).await;
    s.put(r#"{"pk":{"S":"a"}}"#).await;
    let described = s.ok("DescribeTable", r#"{"TableName":"tab"}"#).await;
    assert_eq!((&described["Table"]["ItemCount"], &described["Table"]["TableSizeBytes"]), (&json("1"), &json("3")));
    s.ok("DeleteTable", r#"{"TableName":"tab"}"#).await;
    assert_eq!(s.err("PutItem", r#"{"TableName":"tab","Item":{"pk":{"S":"a"}}}"#).await.0, "ResourceNotFoundException");
    s.table(false).await;
    assert_eq!(s.ok("Scan", r#"{"TableName":"tab"}"#).await["Count"], 0);
}

#[tokio::test]
async fn indexes_come_and_go_later() {
    let s = Session::new();
    s.table(false).await;
    for n in 0..1200 {
        s.put(&format!(r#"{{"pk":{{"S":"k{n}"}},"g":{{"S":"x"}},"bad":{{"N":"1"}}}}"#)).await;
    }
    let create = r#"{"TableName":"tab","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
        "GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"late","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}}]}"#;
    let answer = s.ok("UpdateTable", create).await;
    assert_eq!(answer["TableDescription"]["GlobalSecondaryIndexes"][0]["IndexStatus"], "CREATING");
    let query = r#"{"TableName":"tab","IndexName":"late","Select":"COUNT","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"x"}}}"#;
    assert_eq!(s.ok("Query", query).await["Count"], 1200);
    assert_eq!(s.err("UpdateTable", create).await.1, "Attempting to create an index which already exists");
    let delete = r#"{"TableName":"tab","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"late"}}]}"#;
    s.ok("UpdateTable", delete).await;
    assert_eq!(s.err("Query", query).await.1, "The table does not have the specified index: late");
    let described = s.ok("DescribeTable", r#"{"TableName":"tab"}"#).await;
    assert_eq!(described["Table"]["AttributeDefinitions"], json(r#"[{"AttributeName":"pk","AttributeType":"S"}]"#));
    assert_eq!(s.err("UpdateTable", delete).await.0, "ResourceNotFoundException");
}

#[tokio::test]
async fn keys_of_several_attributes() {
    let s = Session::new();
    s.ok(
        "CreateTable",
        r#"{"TableName":"tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"a","AttributeType":"S"},
            {"AttributeName":"b","AttributeType":"N"},{"AttributeName":"c","AttributeType":"S"},{"AttributeName":"d","AttributeType":"N"}],
            "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"GlobalSecondaryIndexes":[{"IndexName":"multi","Projection":{"ProjectionType":"ALL"},
            "KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"HASH"},{"AttributeName":"c","KeyType":"RANGE"},{"AttributeName":"d","KeyType":"RANGE"}]}]}"#,
    )
    .await;
    for (n, (c, d)) in [("x", 1), ("x", 2), ("x", 10), ("y", 1)].into_iter().enumerate() {
        s.put(&format!(
            r#"{{"pk":{{"S":"k{n}"}},"a":{{"S":"A"}},"b":{{"N":"1"}},"c":{{"S":"{c}"}},"d":{{"N":"{d}"}}}}"#
        ))
        .await;
    }
    let query = |condition: &str, values: &str| {
        format!(
            r#"{{"TableName":"tab","IndexName":"multi","KeyConditionExpression":"a = :a AND b = :b{condition}","ExpressionAttributeValues":{{":a":{{"S":"A"}},":b":{{"N":"1"}}{values}}}}}"#
        )
    };
    assert_eq!(s.ok("Query", &query("", "")).await["Count"], 4);
    let both = query(" AND c = :c AND d > :d", r#",":c":{"S":"x"},":d":{"N":"1"}"#);
    let found = s.ok("Query", &both).await;
    assert_eq!((&found["Items"][0]["pk"]["S"], &found["Items"][1]["pk"]["S"]), (&json("\"k1\""), &json("\"k2\"")));
    let gap = query(" AND d > :d", r#",":d":{"N":"1"}"#);
    assert_eq!(s.err("Query", &gap).await.1, "Query key condition not supported");
}

#[tokio::test]
async fn settings_change_and_are_shown() {
    let s = Session::new();
    s.ok("CreateTable", &format!(r#"{{"TableName":"tab","BillingMode":"PROVISIONED","ProvisionedThroughput":{{"ReadCapacityUnits":5,"WriteCapacityUnits":6}},"DeletionProtectionEnabled":true,
        "StreamSpecification":{{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}},"SSESpecification":{{"Enabled":true}},"TableClass":"STANDARD_INFREQUENT_ACCESS",{KEY}}}"#)).await;
    let show = async || s.ok("DescribeTable", r#"{"TableName":"tab"}"#).await["Table"].clone();
    let table = show().await;
    assert_eq!(table["ProvisionedThroughput"]["WriteCapacityUnits"], 6);
    assert_eq!(table.get("BillingModeSummary"), None);
    assert_eq!(
        table["LatestStreamArn"],
        "arn:aws:dynamodb:us-east-1:000000000000:table/tab/stream/2026-11-21T09:30:00.000"
    );
    assert_eq!(table["SSEDescription"]["SSEType"], "KMS");
    assert_eq!(table["TableClassSummary"]["TableClass"], "STANDARD_INFREQUENT_ACCESS");
    assert_eq!(
        s.err("DeleteTable", r#"{"TableName":"tab"}"#).await.1,
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
    );
    s.ok("UpdateTable", r#"{"TableName":"tab","BillingMode":"PAY_PER_REQUEST","DeletionProtectionEnabled":false,"StreamSpecification":{"StreamEnabled":false}}"#).await;
    let table = show().await;
    assert_eq!(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!((table.get("LatestStreamArn"), &table["DeletionProtectionEnabled"]), (None, &json("false")));
    s.ok("UpdateTimeToLive", r#"{"TableName":"tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}}"#)
        .await;
    assert_eq!(
        s.ok("DescribeTimeToLive", r#"{"TableName":"tab"}"#).await,
        json(r#"{"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}}"#)
    );
    s.ok(
        "UpdateContinuousBackups",
        r#"{"TableName":"tab","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}"#,
    )
    .await;
    let backups = s.ok("DescribeContinuousBackups", r#"{"TableName":"tab"}"#).await;
    let recovery = &backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
    assert_eq!(
        (&recovery["PointInTimeRecoveryStatus"], &recovery["RecoveryPeriodInDays"]),
        (&json("\"ENABLED\""), &json("35"))
    );
    let arn = r#""ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/tab""#;
    s.ok("TagResource", &format!(r#"{{{arn},"Tags":[{{"Key":"a","Value":"1"}},{{"Key":"b","Value":"2"}}]}}"#)).await;
    s.ok("UntagResource", &format!(r#"{{{arn},"TagKeys":["a"]}}"#)).await;
    assert_eq!(s.ok("ListTagsOfResource", &format!("{{{arn}}}")).await["Tags"], json(r#"[{"Key":"b","Value":"2"}]"#));
    let document = r#"{\"Version\":\"2012-10-17\",\"Statement\":[]}"#;
    s.ok("PutResourcePolicy", &format!(r#"{{{arn},"Policy":"{document}"}}"#)).await;
    assert_eq!(
        s.ok("GetResourcePolicy", &format!("{{{arn}}}")).await["Policy"],
        r#"{"Version":"2012-10-17","Statement":[]}"#
    );
    s.ok("DeleteResourcePolicy", &format!("{{{arn}}}")).await;
    assert_eq!(s.err("GetResourcePolicy", &format!("{{{arn}}}")).await.0, "PolicyNotFoundException");
}

/// Requests beside a table `tab`, and what is wrong with them. `KEY`, `INVALID` and `TABLE` stand for longer texts.
const WRONG: &[(&str, &str, &str)] = &[
    ("CreateTable", r#"{"TableName":"tab","BillingMode":"PAY_PER_REQUEST",KEY}"#, "Table already exists: tab"),
    (
        "CreateTable",
        r#"{"TableName":"new",KEY}"#,
        "INVALID: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    ),
    (
        "CreateTable",
        r#"{"TableName":"new","BillingMode":"PAY_PER_REQUEST","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1},KEY}"#,
        "INVALID: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    ),
    (
        "CreateTable",
        r#"{"TableName":"new","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"x","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}"#,
        "INVALID: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
    ),
    (
        "CreateTable",
        r#"{"TableName":"new","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}"#,
        "INVALID: Some index key attributes are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: [pk]",
    ),
    (
        "CreateTable",
        r#"{"TableName":"new","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"RANGE"}]}"#,
        "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
    ),
    (
        "CreateTable",
        r#"{"TableName":"new","BillingMode":"PAY_PER_REQUEST","LocalSecondaryIndexes":[{"IndexName":"lsi","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}],KEY}"#,
        "INVALID: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
    ),
    (
        "CreateTable",
        r#"{"TableName":"new","BillingMode":"PAY_PER_REQUEST","GlobalSecondaryIndexes":[{"IndexName":"gsi","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Projection":{"ProjectionType":"INCLUDE"}}],KEY}"#,
        "INVALID: ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
    ),
    (
        "CreateTable",
        r#"{"TableName":"new","BillingMode":"FREE",KEY}"#,
        "1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]",
    ),
    ("DescribeTable", r#"{"TableName":"nope"}"#, "Requested resource not found: Table: nope not found"),
    ("DeleteTable", r#"{"TableName":"nope"}"#, "Requested resource not found: Table: nope not found"),
    ("DescribeContinuousBackups", r#"{"TableName":"nope"}"#, "Table not found: nope"),
    (
        "UpdateTable",
        r#"{"TableName":"tab"}"#,
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
    ),
    (
        "UpdateTimeToLive",
        r#"{"TableName":"tab","TimeToLiveSpecification":{"Enabled":false,"AttributeName":"t"}}"#,
        "TimeToLive is already disabled",
    ),
    (
        "ListTagsOfResource",
        r#"{"ResourceArn":"TABLE/nope"}"#,
        "Requested resource not found: ResourcArn: TABLE/nope not found",
    ),
];

#[tokio::test]
async fn wrong_tables_get_aws_sentences() {
    let s = Session::new();
    s.table(false).await;
    let long = |text: &str| {
        let text =
            text.replace(",KEY", &format!(",{KEY}")).replace("INVALID", "One or more parameter values were invalid");
        text.replace("TABLE/", "arn:aws:dynamodb:us-east-1:000000000000:table/")
    };
    for (operation, input, message) in WRONG {
        assert_eq!(s.err(operation, &long(input)).await.1, long(message), "{input}");
    }
    let replicas =
        s.err("UpdateTable", r#"{"TableName":"tab","ReplicaUpdates":[{"Create":{"RegionName":"eu-west-1"}}]}"#).await;
    assert_eq!(replicas.0, "NotImplemented");
}

#[tokio::test]
async fn names_come_in_pages() {
    let s = Session::new();
    for name in ["ccc", "aaa", "bbb"] {
        s.ok("CreateTable", &format!(r#"{{"TableName":"{name}","BillingMode":"PAY_PER_REQUEST",{KEY}}}"#)).await;
    }
    assert_eq!(s.ok("ListTables", "{}").await, json(r#"{"TableNames":["aaa","bbb","ccc"]}"#));
    assert_eq!(
        s.ok("ListTables", r#"{"Limit":2}"#).await,
        json(r#"{"TableNames":["aaa","bbb"],"LastEvaluatedTableName":"bbb"}"#)
    );
    assert_eq!(s.ok("ListTables", r#"{"ExclusiveStartTableName":"bbb"}"#).await, json(r#"{"TableNames":["ccc"]}"#));
}

#[tokio::test]
async fn expired_items_go() {
    let s = Session::new();
    s.table(false).await;
    s.ok("UpdateTimeToLive", r#"{"TableName":"tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"end"}}"#)
        .await;
    let now = s.bench.clock.now_ms() / 1000;
    for n in 0..250 {
        s.put(&format!(r#"{{"pk":{{"S":"old{n}"}},"end":{{"N":"{}"}}}}"#, now - 10)).await;
    }
    s.put(&format!(r#"{{"pk":{{"S":"later"}},"end":{{"N":"{}"}}}}"#, now + 100)).await;
    s.put(r#"{"pk":{"S":"text"},"end":{"S":"1"}}"#).await;
    s.put(r#"{"pk":{"S":"ancient"},"end":{"N":"1000"}}"#).await;
    s.put(r#"{"pk":{"S":"none"}}"#).await;
    assert_eq!(tidegate_dynamodb::tasks::expire(&s.db, s.bench.clock.now()).await, Ok(250));
    assert_eq!(s.ok("Scan", r#"{"TableName":"tab","Select":"COUNT"}"#).await["Count"], 4);
    s.bench.clock.advance_ms(200_000);
    assert_eq!(tidegate_dynamodb::tasks::expire(&s.db, s.bench.clock.now()).await, Ok(1));
}

#[tokio::test]
async fn a_half_built_index_is_finished_later() {
    let s = Session::new();
    s.table(false).await;
    s.put(r#"{"pk":{"S":"a"},"g":{"S":"x"}}"#).await;
    s.ok("UpdateTable", r#"{"TableName":"tab","AttributeDefinitions":[{"AttributeName":"g","AttributeType":"S"}],
        "GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"late","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}}]}"#).await;
    // As a stop in the middle leaves it.
    let place = (s.bench.cx.account.clone(), s.bench.cx.region.clone(), "tab".to_owned());
    let unbuilt = s.db.store().write(move |tx| {
        let mut table = tx.get(&TABLES, &place)?.expect("the table is there");
        table.indexes[0].building = true;
        tx.put(&TABLES, &place, &table)
    });
    unbuilt.await.unwrap();
    let s = s.restarted();
    let scan = r#"{"TableName":"tab","IndexName":"late"}"#;
    assert_eq!(s.err("Scan", scan).await.1, "Cannot read from backfilling global secondary index: late");
    tidegate_dynamodb::tasks::expire(&s.db, s.bench.clock.now()).await.unwrap();
    assert_eq!(s.ok("Scan", scan).await["Count"], 1);
}
