//! `ListMFADevices`: none.

super::nothing!(ListMFADevices, "MFADevices");
