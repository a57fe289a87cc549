//! Isolated processes: namespaces, cgroups, seccomp, landlock, limits.
