//! The embedded tables decode, and say what AWS' models say.

use tidegate_model::*;

#[test]
fn every_table_decodes() {
    for header in headers() {
        let service = service(header.name).unwrap_or_else(|| panic!("{}", header.name));
        assert!(!service.operations.is_empty() && !service.protocols.is_empty(), "{}", header.name);
        assert!(service.operations.is_sorted_by_key(|o| o.name), "{}", header.name);
        assert!(service.shapes.is_sorted_by_key(|s| s.name), "{}", header.name);
        for operation in &service.operations {
            assert!(operation.input.is_none_or(|id| service.structure(id).is_some()), "{}", operation.name);
            assert_eq!(service.operation(operation.name).map(|o| o.name), Some(operation.name));
        }
    }
}

#[test]
fn services_are_found() {
    assert_eq!(service("lambda").map(|s| s.id), Some("Lambda"));
    assert!(service("nimbus").is_none());
    let signed = |name| services_signed_as(name).iter().map(|s| s.name).collect::<Vec<_>>();
    assert_eq!(signed("apigateway"), ["apigateway", "apigatewayv2"]);
    assert_eq!(signed("monitoring"), ["cloudwatch"]);
    assert_eq!(service_by_rpc_name("DynamoDB_20120810").map(|s| s.name), Some("dynamodb"));
    assert_eq!(service_by_version("2011-06-15", "AssumeRole").map(|s| s.name), Some("sts"));
    assert!(service_by_version("2011-06-15", "CreateRole").is_none());
}

#[test]
fn headers_say_what_the_models_say() {
    let dynamodb = service("dynamodb").expect("known");
    assert_eq!((dynamodb.version, &dynamodb.protocols[..]), ("2012-08-10", &[Protocol::Json10][..]));
    let cloudwatch = service("cloudwatch").expect("known");
    assert_eq!(cloudwatch.protocols, [Protocol::Cbor, Protocol::Json10, Protocol::Query]);
    assert!(cloudwatch.query_compatible);
}

#[test]
fn members_say_what_the_models_say() {
    let lambda = service("lambda").expect("known");
    let create = lambda.operation("CreateFunction").expect("known");
    assert_eq!((create.method, create.status), ("POST", 201));
    let input = lambda.structure(create.input.expect("has one")).expect("a structure");
    let name = input.member("FunctionName").expect("known");
    assert!(name.required);
    let shape = lambda.shape(name.shape);
    assert_eq!((shape.constraints.min, shape.constraints.max), (Some(1.0), Some(140.0)));
    let invoke = lambda.structure(lambda.operation("Invoke").and_then(|o| o.input).expect("known")).expect("known");
    assert_eq!(invoke.payload_member().map(|m| m.name), Some("Payload"));
    let kind = invoke.member("InvocationType").expect("known");
    assert_eq!((kind.location, kind.wire_name()), (Location::Header, "X-Amz-Invocation-Type"));
}

#[test]
fn errors_are_found_by_name_and_by_code() {
    let iam = service("iam").expect("known");
    let (shape, structure) = iam.error("NoSuchEntityException").expect("known");
    let traits = structure.error.expect("an error");
    assert_eq!((shape.name, traits.code, traits.status), ("NoSuchEntityException", Some("NoSuchEntity"), 404));
    assert_eq!(iam.error("NoSuchEntity").map(|(s, _)| s.name), Some("NoSuchEntityException"));
    assert!(iam.error("Nothing").is_none());
}

#[test]
fn routes_prefer_literals() {
    let lambda = service("lambda").expect("known");
    let found = lambda.operations_at("GET", "/2015-03-31/functions/f");
    assert_eq!(
        found.iter().map(|(o, l)| (o.name, l.clone())).collect::<Vec<_>>(),
        [("GetFunction", vec![("FunctionName", "f")])]
    );
    assert!(lambda.operations_at("PATCH", "/2015-03-31/functions/f").is_empty());
}

#[test]
fn sign_in_is_unsigned() {
    let cognito = service("cognito-idp").expect("known");
    assert!(cognito.operation("InitiateAuth").is_some_and(|o| o.unsigned));
    assert!(cognito.operation("CreateUserPool").is_some_and(|o| !o.unsigned));
}

#[test]
fn paging_is_known() {
    let pages = service("lambda").and_then(|s| s.operation("ListFunctions")?.pages.clone()).expect("paged");
    assert_eq!((&pages.input_tokens[..], pages.limit), (&["Marker"][..], Some("MaxItems")));
}
