//! Measurements of a whole server: `bench server|dynamodb|cold_start|http_api`. One program, for linking takes longer than
//! compiling.

mod cold_start;
mod dynamodb;
mod http_api;
mod server;

#[tokio::main]
async fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("server") => server::measure(),
        Some("dynamodb") => dynamodb::measure().await,
        Some("cold_start") => cold_start::measure().await,
        Some("http_api") => http_api::measure().await,
        _ => eprintln!("Name a measurement: server, dynamodb, cold_start or http_api."),
    }
}
