//! The stories of reports, told over HTTP as the people in them would live them, on every database that is there.

mod answering;
mod api;
mod following;
mod forwarding;
mod importing;
mod photos;
mod queueing;
mod reporting;
mod secrecy;
mod together;
mod verbs;
