//! Signing in, being turned away, and the scopes, on both databases.

mod scopes;
mod sign_in;
mod world;
