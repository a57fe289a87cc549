//! Assembles the services, the listeners and the background tasks.
