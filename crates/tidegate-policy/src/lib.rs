//! IAM policy evaluation: a pure function from policies and a request to a decision.
