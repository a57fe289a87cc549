//! Execution environments: init, invoke, shutdown, pools.
