//! Types of values: structures and their members, lists, maps and scalars.

/// Points at a shape of one service; `Service::shape` resolves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(pub(crate) u16);

/// One type of the API.
#[derive(Debug)]
pub struct Shape {
    /// The shape's name in AWS' model.
    pub name: &'static str,
    /// What sort of value it is.
    pub kind: Kind,
    /// What values it admits.
    pub constraints: Constraints,
    /// Values must not be shown in logs or messages.
    pub sensitive: bool,
    /// A list or map whose entries stand in their parent, without an element around them (XML and query).
    pub flattened: bool,
    /// The element's name where it is not the member's (rest-xml).
    pub wire_name: Option<&'static str>,
    /// The element's XML namespace.
    pub namespace: Option<Namespace>,
}

/// The sort of a value, with what it is made of.
#[derive(Debug)]
pub enum Kind {
    /// Named members.
    Structure(Structure),
    /// Values of one shape.
    List(Named),
    /// Text keys and values of one shape.
    Map {
        /// Shape of the keys.
        key: Named,
        /// Shape of the values.
        value: Named,
    },
    /// Text.
    String,
    /// Bytes.
    Blob,
    /// True or false.
    Boolean,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// A number of 32 bits.
    Float,
    /// A number of 64 bits.
    Double,
    /// A point in time; the format where the model insists on one.
    Timestamp(Option<TimestampFormat>),
}

/// A list's or map's part: its shape, and the name of the element that holds it in XML and query.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// The part's shape.
    pub shape: ShapeId,
    /// The element's name where the model gives one.
    pub wire_name: Option<&'static str>,
}

/// How a point in time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampFormat {
    /// `2026-11-21T09:30:00Z`.
    Iso8601,
    /// Seconds since 1970, with decimals.
    UnixSeconds,
    /// `Sat, 21 Nov 2026 09:30:00 GMT` (RFC 9110 §5.6.7).
    HttpDate,
}

/// A structure's members and traits.
#[derive(Debug, Default)]
pub struct Structure {
    /// Members in the model's order.
    pub members: Vec<Member>,
    /// The member that is the whole HTTP body.
    pub payload: Option<&'static str>,
    /// At most one member is set.
    pub union: bool,
    /// Any JSON value (Smithy's document type).
    pub document: bool,
    /// The members are the events of a stream.
    pub event_stream: bool,
    /// One event of a stream.
    pub event: bool,
    /// The structure is an error.
    pub error: Option<ErrorTrait>,
}

impl Structure {
    /// The member of this name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.name == name)
    }

    /// The member that is called so on the wire.
    pub fn member_by_wire_name(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.wire_name() == name)
    }

    /// The member that is the whole HTTP body.
    pub fn payload_member(&self) -> Option<&Member> {
        self.payload.and_then(|name| self.member(name))
    }
}

/// How an error is told to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorTrait {
    /// The code on the wire, where it is not the shape's name.
    pub code: Option<&'static str>,
    /// The HTTP status; 0 where the model leaves it open (400 for the caller's fault, 500 for the server's).
    pub status: u16,
    /// The server is to blame.
    pub server_fault: bool,
}

/// One member of a structure.
#[derive(Debug)]
pub struct Member {
    /// The member's name.
    pub name: &'static str,
    /// Its shape.
    pub shape: ShapeId,
    /// The request is invalid without it.
    pub required: bool,
    /// Which part of the message carries it.
    pub location: Location,
    /// Name (or, for `Location::Headers`, prefix) on the wire where it differs.
    pub wire: Option<&'static str>,
    /// As `Shape::flattened`.
    pub flattened: bool,
    /// As `Kind::Timestamp`, for this member.
    pub timestamp: Option<TimestampFormat>,
    /// The value is JSON in text (`X-Amz-Client-Context` and the like).
    pub json_value: bool,
    /// The value may be too large to hold in memory.
    pub streaming: bool,
    /// An event's body.
    pub event_payload: bool,
    /// An event's header.
    pub event_header: bool,
    /// An XML attribute, not an element.
    pub attribute: bool,
    /// Clients fill it with a random text when the caller leaves it out.
    pub idempotency_token: bool,
    /// The element's XML namespace.
    pub namespace: Option<Namespace>,
    /// Admitted values where the shape itself does not say.
    pub values: Vec<&'static str>,
}

impl Member {
    /// The name that the wire carries.
    pub fn wire_name(&self) -> &'static str {
        self.wire.unwrap_or(self.name)
    }
}

/// Which part of an HTTP message carries a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Location {
    /// The body.
    #[default]
    Body,
    /// One header.
    Header,
    /// All headers that begin with the wire name; a map.
    Headers,
    /// A label of the path.
    Uri,
    /// The query string.
    Query,
    /// The answer's status.
    StatusCode,
}

/// An XML namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Namespace {
    /// Its URI.
    pub uri: &'static str,
    /// Its prefix; the default namespace has none.
    pub prefix: Option<&'static str>,
}

/// What values a shape admits. Lengths count characters of text, bytes of blobs, entries of lists and maps.
#[derive(Debug, Default)]
pub struct Constraints {
    /// Smallest length or number.
    pub min: Option<f64>,
    /// Greatest length or number.
    pub max: Option<f64>,
    /// Regular expression, in Java's dialect, that the whole text must match.
    pub pattern: Option<&'static str>,
    /// Admitted texts; empty where all are.
    pub values: Vec<&'static str>,
}
