//! Operations of a service.

use crate::{Route, ShapeId};

/// One operation of an API.
#[derive(Debug)]
pub struct Operation {
    /// The operation's name.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path and query that lead to it; `/` for protocols that do not route by path.
    pub route: Route,
    /// The HTTP status of a success.
    pub status: u16,
    /// What it takes.
    pub input: Option<ShapeId>,
    /// Root element of the request body (rest-xml), where it is not the payload member's.
    pub input_element: Option<&'static str>,
    /// XML namespace of the request body.
    pub input_namespace: Option<&'static str>,
    /// What it gives.
    pub output: Option<ShapeId>,
    /// Element around the output (query).
    pub result_wrapper: Option<&'static str>,
    /// The errors that the model lists.
    pub errors: Vec<ShapeId>,
    /// AWS takes it unsigned (sign-in, web identity).
    pub unsigned: bool,
    /// AWS has a successor for it, which may live at the same path.
    pub deprecated: bool,
    /// How it is read page by page.
    pub pages: Option<Pages>,
}

/// Paging: which members carry tokens, limits and results.
#[derive(Debug, Default, Clone)]
pub struct Pages {
    /// Input members that take the token.
    pub input_tokens: Vec<&'static str>,
    /// Output members that hold the next token; JMESPath where nested.
    pub output_tokens: Vec<&'static str>,
    /// Input member that limits a page.
    pub limit: Option<&'static str>,
    /// Output members that are paged.
    pub items: Vec<&'static str>,
    /// Output member that says whether more pages follow.
    pub more: Option<&'static str>,
}
