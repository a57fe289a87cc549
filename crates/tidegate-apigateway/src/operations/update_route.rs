//! `UpdateRoute`: the key, the target or the authorization of a route; quick create's keeps its key.

use super::update_part::Updatable;
use crate::Error;
use crate::apis::{Change, Route, RouteMembers};
use crate::tables::Part;

impl Updatable for Route {
    const UPDATE: &'static str = "UpdateRoute";
    type Settings = RouteMembers;

    fn update(mut self, change: &mut Change<'_>, settings: RouteMembers) -> Result<Route, Error> {
        let before = self.route_key.clone();
        settings.apply(&mut self)?;
        if self.api_gateway_managed == Some(true) && self.route_key != before {
            return Err(Error::Managed(Route::KIND));
        }
        change.check_route(&self)?;
        change.put(&self)?;
        Ok(self)
    }
}
