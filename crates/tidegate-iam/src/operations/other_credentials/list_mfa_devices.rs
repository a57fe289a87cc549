//! `ListMFADevices`: none.

super::nothing!(ListMFADevices, mfa_devices, "MFADevices");
