//! The queue before the writers and the one before the readers: three lanes, each with its own room, never a wait to get in.

use crate::{Error, Result};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Which queue a piece of work stands in. A full lane refuses only its own work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Rescue, and reports of emergency categories: first, and with most room.
    Life,
    /// Cases and services: the city's daily work.
    Duty,
    /// Dashboards, exports, rebuilding: what can wait or be refused.
    Comfort,
}

pub(crate) struct Queue<J> {
    state: Mutex<State<J>>,
    /// Somebody may take any work.
    any: Condvar,
    /// The one who takes only life's work may take some.
    life: Condvar,
    limits: [usize; 3],
}

struct State<J> {
    lanes: [VecDeque<J>; 3],
    closing: bool,
}

impl<J> Queue<J> {
    pub(crate) fn new(limits: [usize; 3]) -> Self {
        let lanes = [VecDeque::new(), VecDeque::new(), VecDeque::new()];
        Self { state: Mutex::new(State { lanes, closing: false }), any: Condvar::new(), life: Condvar::new(), limits }
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, lane: Lane, job: J) -> Result<()> {
        let mut state = self.lock();
        if state.closing {
            return Err(Error::Gone);
        }
        let queue = &mut state.lanes[lane as usize];
        if queue.len() >= self.limits[lane as usize] {
            return Err(Error::Full);
        }
        queue.push_back(job);
        drop(state);
        if lane == Lane::Life {
            self.life.notify_one();
        }
        self.any.notify_one();
        Ok(())
    }

    /// Waits for work; `None` when the queue is closed and empty. `nth` is the place in the batch.
    pub(crate) fn wait(&self, life_only: bool) -> Option<J> {
        let mut state = self.lock();
        loop {
            let job = if life_only { state.lanes[0].pop_front() } else { take(&mut state.lanes, 0) };
            if job.is_some() {
                return job;
            }
            if state.closing {
                return None;
            }
            let bell = if life_only { &self.life } else { &self.any };
            state = bell.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Work that is there already.
    pub(crate) fn take(&self, nth: usize) -> Option<J> {
        take(&mut self.lock().lanes, nth)
    }

    pub(crate) fn depth(&self) -> [usize; 3] {
        let state = self.lock();
        [state.lanes[0].len(), state.lanes[1].len(), state.lanes[2].len()]
    }

    /// Takes no more; what is in will still be done.
    pub(crate) fn close(&self) {
        self.lock().closing = true;
        self.any.notify_all();
        self.life.notify_all();
    }

    /// Takes no more and gives back what nobody will do.
    pub(crate) fn abandon(&self) -> Vec<J> {
        let mut state = self.lock();
        state.closing = true;
        let left = state.lanes.iter_mut().flat_map(|lane| lane.drain(..)).collect();
        drop(state);
        self.any.notify_all();
        self.life.notify_all();
        left
    }
}

/// Life first, all of it; then duty, but every eighth place of a batch is comfort's, so that it does not starve.
fn take<J>(lanes: &mut [VecDeque<J>; 3], nth: usize) -> Option<J> {
    let [life, duty, comfort] = lanes;
    if let Some(job) = life.pop_front() {
        return Some(job);
    }
    if nth % 8 == 7 {
        return comfort.pop_front().or_else(|| duty.pop_front());
    }
    duty.pop_front().or_else(|| comfort.pop_front())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Queue<&'static str> {
        let queue = Queue::new([3, 20, 4]);
        for _ in 0..3 {
            queue.push(Lane::Comfort, "comfort").unwrap();
        }
        for _ in 0..20 {
            queue.push(Lane::Duty, "duty").unwrap();
        }
        queue.push(Lane::Life, "life").unwrap();
        queue
    }

    #[test]
    fn life_goes_first_and_every_eighth_place_is_comforts() {
        let queue = filled();
        let order: Vec<_> = (0..24).map_while(|nth| queue.take(nth)).collect();
        assert_eq!(order[0], "life");
        let comfort: Vec<_> = (0..24).filter(|i| order[*i] == "comfort").collect();
        assert_eq!(comfort, [7, 15, 23]);
    }

    #[test]
    fn a_full_lane_refuses_only_its_own_work() {
        let queue = filled();
        assert_eq!(queue.push(Lane::Duty, "duty"), Err(Error::Full));
        assert_eq!(queue.push(Lane::Life, "life"), Ok(()));
        assert_eq!(queue.push(Lane::Comfort, "comfort"), Ok(()));
        assert_eq!(queue.push(Lane::Comfort, "comfort"), Err(Error::Full));
        assert_eq!(queue.depth(), [2, 20, 4]);
        queue.close();
        assert_eq!(queue.push(Lane::Life, "life"), Err(Error::Gone));
        assert_eq!(queue.wait(true), Some("life"), "what is in will be done");
        assert_eq!((queue.wait(true), queue.wait(true)), (Some("life"), None));
    }
}
