//! Tokens to syntax: what conditions, projections and updates share, and the grammar of conditions.

use super::lexer::{Kind, Token, tokens};
use super::problem::Problem;
use super::syntax::{Node, RawPart, RawPath};
use crate::limits;

type Result<T> = std::result::Result<T, Problem>;

/// Levels of parentheses and functions; keeps the parser's own recursion small.
const LEVELS: usize = 64;

/// A place among the tokens of an expression.
pub struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    level: usize,
    operators: usize,
    /// Parentheses around parentheses were seen.
    pub redundant: bool,
}

impl<'a> Parser<'a> {
    /// At the start of the text.
    pub fn new(text: &'a str) -> Result<Parser<'a>> {
        if text.len() > limits::EXPRESSION_BYTES {
            return Err(Problem::TooLong(text.len()));
        }
        let tokens = tokens(text);
        if tokens.len() == 1 {
            return Err(Problem::Empty);
        }
        Ok(Parser { text, tokens, at: 0, level: 0, operators: 0, redundant: false })
    }

    fn token(&self) -> Token {
        // The last token is the end's, and nothing steps over it.
        self.tokens[self.at]
    }

    fn slice(&self, token: Token) -> &'a str {
        &self.text[token.start..token.end]
    }

    /// The token's text; empty at the end.
    pub fn peek(&self) -> &'a str {
        self.slice(self.token())
    }

    /// The kind of the next token.
    pub fn kind(&self) -> Kind {
        self.token().kind
    }

    /// Steps on and gives the text of the token.
    pub fn advance(&mut self) -> &'a str {
        let text = self.peek();
        self.at += usize::from(self.kind() != Kind::End);
        text
    }

    /// The complaint about the next token.
    pub fn unexpected(&self) -> Problem {
        let token = self.token();
        let from = self.tokens[self.at.saturating_sub(1)].start;
        let to = self.tokens.get(self.at + 1).unwrap_or(&token).end;
        let shown = if token.kind == Kind::End { "<EOF>" } else { self.slice(token) };
        Problem::Syntax { token: shown.to_owned(), near: self.text[from..to].to_owned() }
    }

    /// Takes the mark, if it is next.
    pub fn eat(&mut self, mark: &str) -> bool {
        let found = self.kind() == Kind::Mark && self.peek() == mark;
        self.at += usize::from(found);
        found
    }

    /// Takes the mark or complains.
    pub fn expect(&mut self, mark: &str) -> Result<()> {
        if self.eat(mark) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Takes the keyword, if it is next; case does not matter.
    pub fn eat_word(&mut self, word: &str) -> bool {
        let found = self.kind() == Kind::Word && self.peek().eq_ignore_ascii_case(word);
        self.at += usize::from(found);
        found
    }

    /// Complains unless all is read.
    pub fn end(&self) -> Result<()> {
        if self.kind() == Kind::End { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Counts an operator or function.
    pub fn operator(&mut self) -> Result<()> {
        self.operators += 1;
        if self.operators > limits::EXPRESSION_OPERATORS { Err(Problem::TooManyOperators) } else { Ok(()) }
    }

    /// Runs one level deeper.
    pub fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.level += 1;
        if self.level > LEVELS {
            return Err(Problem::TooDeep);
        }
        let parsed = parse(self);
        self.level -= 1;
        parsed
    }

    /// A list with commas between.
    pub fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut all = vec![element(self)?];
        while self.eat(",") {
            all.push(element(self)?);
        }
        Ok(all)
    }

    /// A document path; `keyword` says which bare words cannot be names.
    pub fn path(&mut self, keyword: fn(&str) -> bool) -> Result<RawPath> {
        let mut path = vec![self.path_name(keyword)?];
        loop {
            if self.eat(".") {
                path.push(self.path_name(keyword)?);
            } else if self.eat("[") {
                path.push(self.path_index()?);
            } else {
                break;
            }
        }
        if path.len() > limits::EXPRESSION_LEVELS { Err(Problem::TooDeep) } else { Ok(path) }
    }

    fn path_name(&mut self, keyword: fn(&str) -> bool) -> Result<RawPart> {
        match self.kind() {
            Kind::Word if !keyword(self.peek()) => Ok(RawPart::Word(self.advance().to_owned())),
            Kind::Name => Ok(RawPart::Name(self.advance().to_owned())),
            _ => Err(self.unexpected()),
        }
    }

    fn path_index(&mut self) -> Result<RawPart> {
        if self.kind() != Kind::Digits {
            return Err(self.unexpected());
        }
        let digits = self.advance().to_owned();
        self.expect("]")?;
        match digits.parse() {
            Ok(index) if index <= limits::LIST_INDEX_MAX => Ok(RawPart::Index(index)),
            _ => Err(Problem::IndexRange(digits)),
        }
    }

    /// A function call, if the next two tokens begin one.
    pub fn function(&mut self, argument: fn(&mut Self) -> Result<Node>) -> Result<Option<Node>> {
        let opens = self.tokens.get(self.at + 1).is_some_and(|t| self.slice(*t) == "(");
        if self.kind() != Kind::Word || !opens {
            return Ok(None);
        }
        let name = self.advance().to_owned();
        self.operator()?;
        self.advance();
        let arguments = self.deeper(|p| p.list(argument))?;
        self.expect(")")?;
        Ok(Some(Node::Function(name, arguments)))
    }

    /// A condition, to the end of the text.
    pub fn condition(mut self) -> Result<(Node, bool)> {
        let node = self.or()?;
        self.end()?;
        Ok((node, self.redundant))
    }

    fn or(&mut self) -> Result<Node> {
        self.chain("OR", Self::and, Node::Or)
    }

    fn and(&mut self) -> Result<Node> {
        self.chain("AND", Self::not, Node::And)
    }

    fn chain(
        &mut self,
        word: &str,
        element: fn(&mut Self) -> Result<Node>,
        join: fn(Vec<Node>) -> Node,
    ) -> Result<Node> {
        let first = element(self)?;
        let mut all = vec![first];
        while all[0].is_condition() && self.eat_word(word) {
            self.operator()?;
            let next = element(self)?;
            if next.is_operand() {
                return Err(self.unexpected());
            }
            all.push(next);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { join(all) })
    }

    fn not(&mut self) -> Result<Node> {
        if self.kind() == Kind::Word && self.peek().eq_ignore_ascii_case("NOT") {
            self.advance();
            self.operator()?;
            let node = self.deeper(Self::comparison)?;
            return if node.is_operand() { Err(self.unexpected()) } else { Ok(Node::Not(Box::new(node))) };
        }
        self.comparison()
    }

    /// A comparison, a function, something in parentheses; or a bare operand, which is an error unless a closing
    /// parenthesis shows that it is one: `(a) = :b`.
    fn comparison(&mut self) -> Result<Node> {
        let left = self.primary()?;
        if !left.may_be_operand() {
            return Ok(left);
        }
        if let Some(operator) = self.comparator() {
            self.operator()?;
            let right = self.operand()?;
            return Ok(Node::Compare(operator, Box::new(left), Box::new(right)));
        }
        if self.eat_word("BETWEEN") {
            self.operator()?;
            let low = self.operand()?;
            if !self.eat_word("AND") {
                return Err(self.unexpected());
            }
            return Ok(Node::Between(Box::new([left, low, self.operand()?])));
        }
        if self.eat_word("IN") {
            self.operator()?;
            return self.members(left);
        }
        let closes = self.level > 0 && self.peek() == ")";
        if left.is_condition() || closes { Ok(left) } else { Err(self.unexpected()) }
    }

    fn members(&mut self, left: Node) -> Result<Node> {
        self.expect("(")?;
        let list = self.deeper(|p| p.list(Self::operand))?;
        self.expect(")")?;
        Ok(Node::In(Box::new(left), list))
    }

    fn comparator(&mut self) -> Option<String> {
        let found = self.kind() == Kind::Mark && matches!(self.peek(), "=" | "<>" | "<" | "<=" | ">" | ">=");
        found.then(|| self.advance().to_owned())
    }

    /// An operand or anything in parentheses.
    fn primary(&mut self) -> Result<Node> {
        if !self.eat("(") {
            return self.bare();
        }
        let inner_bracketed = self.peek() == "(";
        let start = self.at;
        let inner = self.deeper(Self::or)?;
        // `((a) AND b)` begins with two parentheses, too; only those that also end together are redundant.
        let ends = inner_bracketed && self.matching(start) == self.at - 1;
        self.redundant |= ends;
        self.expect(")")?;
        Ok(inner)
    }

    /// Where the parenthesis that opens at `open` closes.
    fn matching(&self, open: usize) -> usize {
        let mut depth = 0usize;
        for (n, token) in self.tokens.iter().enumerate().skip(open) {
            match self.slice(*token) {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return n;
            }
        }
        self.tokens.len()
    }

    fn bare(&mut self) -> Result<Node> {
        if self.kind() == Kind::Value {
            return Ok(Node::Value(self.advance().to_owned()));
        }
        if self.kind() == Kind::Word && is_condition_keyword(self.peek()) {
            return Err(self.unexpected());
        }
        if let Some(function) = self.function(Self::operand)? {
            return Ok(function);
        }
        Ok(Node::Path(self.path(is_condition_keyword)?))
    }

    /// An operand, parentheses allowed around it.
    fn operand(&mut self) -> Result<Node> {
        if !self.eat("(") {
            return self.bare();
        }
        self.redundant |= self.peek() == "(";
        let inner = self.deeper(Self::operand)?;
        self.expect(")")?;
        Ok(inner)
    }
}

fn is_condition_keyword(word: &str) -> bool {
    // A name in a condition begins with a letter.
    word.starts_with('_') || ["AND", "OR", "NOT", "BETWEEN", "IN"].iter().any(|k| k.eq_ignore_ascii_case(word))
}

/// A projection, as written.
pub fn projection(text: &str) -> Result<Vec<RawPath>> {
    let mut parser = Parser::new(text)?;
    let paths = parser.list(|p| p.path(|word| word.starts_with('_')))?;
    parser.end()?;
    Ok(paths)
}
