//! The whole store on a disk that fails; what concerns one module stands there.

mod failures;
mod simulation;
