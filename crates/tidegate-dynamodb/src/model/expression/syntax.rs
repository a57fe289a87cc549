//! Expressions as written, before names and values are put in.

/// One step of a path as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawPart {
    /// A bare name.
    Word(String),
    /// A `#name`.
    Name(String),
    /// A list index.
    Index(usize),
}

/// A path as written; its first step is never an index.
pub type RawPath = Vec<RawPart>;

/// A condition, or an operand of one, as written.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A document path.
    Path(RawPath),
    /// A `:value`.
    Value(String),
    /// A function of any name.
    Function(String, Vec<Node>),
    /// A comparison; the operator as written.
    Compare(String, Box<Node>, Box<Node>),
    /// `x BETWEEN low AND high`.
    Between(Box<[Node; 3]>),
    /// `x IN (…)`.
    In(Box<Node>, Vec<Node>),
    /// All of them.
    And(Vec<Node>),
    /// Any of them.
    Or(Vec<Node>),
    /// The opposite.
    Not(Box<Node>),
}

impl Node {
    /// Whether it is an operand and nothing else.
    pub fn is_operand(&self) -> bool {
        matches!(self, Node::Path(_) | Node::Value(_))
    }

    /// Whether it can stand where a condition must.
    pub fn is_condition(&self) -> bool {
        !self.is_operand()
    }

    /// Whether it can stand as an operand: functions may be either.
    pub fn may_be_operand(&self) -> bool {
        self.is_operand() || matches!(self, Node::Function(..))
    }

    /// What it is made of.
    pub fn children(&self) -> Vec<&Node> {
        match self {
            Node::Path(_) | Node::Value(_) => Vec::new(),
            Node::Function(_, nodes) | Node::And(nodes) | Node::Or(nodes) => nodes.iter().collect(),
            Node::Compare(_, a, b) => vec![a, b],
            Node::Between(three) => three.iter().collect(),
            Node::In(x, list) => std::iter::once(&**x).chain(list).collect(),
            Node::Not(node) => vec![node],
        }
    }
}

/// An update expression as written.
#[derive(Debug, Clone, PartialEq)]
pub enum RawAction {
    /// `SET path = value`.
    Set(RawPath, RawSetValue),
    /// `REMOVE path`.
    Remove(RawPath),
    /// `ADD path :value`.
    Add(RawPath, String),
    /// `DELETE path :value`.
    Delete(RawPath, String),
}

/// What stands right of `=` in `SET`.
#[derive(Debug, Clone, PartialEq)]
pub enum RawSetValue {
    /// An operand alone.
    Operand(Node),
    /// `a + b`.
    Plus(Node, Node),
    /// `a - b`.
    Minus(Node, Node),
}
