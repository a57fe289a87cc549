//! What a request turned out to be.

use crate::AwsErrorParts;
use tidegate_model::{Operation, Protocol, Service, Structure};

/// One operation of one service, and the protocol in which its client speaks.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The service.
    pub service: &'static Service,
    /// The operation.
    pub operation: &'static Operation,
    /// The protocol.
    pub protocol: Protocol,
}

impl Call {
    /// A call of an operation by name; for callers inside the house and tests.
    pub fn named(service: &str, operation: &str, protocol: Protocol) -> Option<Call> {
        let service = tidegate_model::service(service)?;
        Some(Call { service, operation: service.operation(operation)?, protocol })
    }

    /// What the operation takes.
    pub fn input(&self) -> Option<&'static Structure> {
        self.operation.input.and_then(|id| self.service.structure(id))
    }

    /// What the operation gives.
    pub fn output(&self) -> Option<&'static Structure> {
        self.operation.output.and_then(|id| self.service.structure(id))
    }

    /// The answer for an operation that AWS has and we do not: in the service's own form, naming the operation.
    pub fn not_implemented(&self) -> AwsErrorParts {
        let message =
            format!("Tidegate does not implement the operation {} of {}.", self.operation.name, self.service.id);
        crate::common_error(crate::CommonError::NotImplemented, self.service, self.protocol).with_message(message)
    }
}
