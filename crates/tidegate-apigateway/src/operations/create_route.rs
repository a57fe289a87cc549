//! `CreateRoute`: a route whose key is free.

use super::create_part::Creatable;
use crate::Error;
use crate::apis::{Change, Route, RouteMembers};

impl Creatable for Route {
    const CREATE: &'static str = "CreateRoute";
    type Settings = RouteMembers;

    fn create(change: &mut Change<'_>, settings: RouteMembers) -> Result<Route, Error> {
        let mut route = Route::new(change.cx().ids().lower_alphanumeric(7));
        settings.apply(&mut route)?;
        change.check_route(&route)?;
        change.add(&route)?;
        Ok(route)
    }
}
