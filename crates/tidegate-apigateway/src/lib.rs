//! Amazon API Gateway: HTTP APIs and the requests they answer.
