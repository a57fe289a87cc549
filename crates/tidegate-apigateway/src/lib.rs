//! Amazon API Gateway's HTTP APIs: the operations that make them ([`OPERATIONS`](tidegate_core::Service::OPERATIONS),
//! API model `apigatewayv2`), and the requests that they answer ([`ApiGateway::execute`]).
//!
//! The control plane (`apis`, `operations`) writes to the store; after each change it compiles the API anew and swaps it
//! into the index. The data plane (`execute_api`) reads only that index and shares no lock with the control plane.

mod apis;
mod error;
mod execute_api;
pub mod fuzz;
mod gateway;
pub mod limits;
mod operations;
mod ports;
mod tables;

pub use error::Error;
pub use execute_api::{ApiSummary, Authentication, GatewayRequest, GatewayResponse};
pub use gateway::ApiGateway;
pub use ports::Ports;
