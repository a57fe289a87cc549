//! Which operations of which services are offered: read from the services' own tables, so that the page cannot lie.

use std::fmt::Write;
use tidegate_core::Service;
use tidegate_model as model;

/// A service's table without its types.
pub struct Table {
    /// The API model's name.
    pub model: &'static str,
    /// The operations.
    pub operations: Vec<Offered>,
}

/// An operation that is offered.
pub struct Offered {
    /// Its name.
    pub name: &'static str,
    /// The IAM action that it asks for; empty if it asks for none.
    pub action: &'static str,
    /// Members that are accepted without effect, with the reason.
    pub not_honored: &'static [(&'static str, &'static str)],
}

fn table<S: Service>() -> Table {
    let offered =
        S::OPERATIONS.iter().map(|row| Offered { name: row.name, action: row.action, not_honored: row.not_honored });
    Table { model: S::MODEL, operations: offered.collect() }
}

/// All tables.
pub fn tables() -> Vec<Table> {
    vec![
        table::<tidegate_apigateway::ApiGateway>(),
        table::<tidegate_dynamodb::DynamoDb>(),
        table::<tidegate_iam::Iam>(),
        table::<tidegate_lambda::Lambda>(),
        table::<tidegate_logs::Logs>(),
        table::<tidegate_iam::Sts>(),
    ]
}

/// `docs/coverage.md`.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Coverage\n\nWritten by `cargo xtask coverage` from the services' own operation tables. An operation that is not offered \
         answers the service's own error with status 501, naming the operation.\n\n| service | offered | of |\n|---|---|---|\n",
    );
    let tables = tables();
    for header in model::headers() {
        let offered = tables.iter().find(|t| t.model == header.name).map_or(0, |t| t.operations.len());
        let all = model::service(header.name).map_or(0, |service| service.operations.len());
        // Writing into a String cannot fail.
        let _ = writeln!(page, "| {} | {offered} | {all} |", header.id);
    }
    tables.iter().for_each(|table| section(&mut page, table));
    page
}

fn section(page: &mut String, table: &Table) {
    let Some(service) = model::service(table.model) else { return };
    let _ = writeln!(page, "\n## {}\n\nOffered:\n", service.id);
    for offered in &table.operations {
        let action = if offered.action.is_empty() { "no permission" } else { offered.action };
        let _ = writeln!(page, "- `{}` ({action})", offered.name);
        for (member, reason) in offered.not_honored {
            let _ = writeln!(page, "  - `{member}` is accepted without effect: {reason}");
        }
    }
    let missing =
        service.operations.iter().map(|o| o.name).filter(|name| !table.operations.iter().any(|o| o.name == *name));
    let missing: Vec<String> = missing.map(|name| format!("`{name}`")).collect();
    if !missing.is_empty() {
        let _ = writeln!(page, "\nNot offered: {}.", missing.join(", "));
    }
}
