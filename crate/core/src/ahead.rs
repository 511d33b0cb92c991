//! Reads and computes side by side: one thread reads, all compute. With this, and
//! with unlikely originals waiting, a first run over 10,000 originals took 114 s
//! instead of 158 (docs/architecture.md).

use std::sync::{Mutex, PoisonError};

/// Reads one thing after the other, and computes on each while the next is read;
/// the results are in the order of `these`. Only the caller's thread reads: a
/// browser's file handles cannot leave theirs.
pub(crate) fn read_ahead<T: Send, B: Send, R: Send>(
    these: impl IntoIterator<Item = T>,
    mut read: impl FnMut(&T) -> B,
    compute: impl Fn(&T, B) -> R + Sync,
) -> Vec<(T, R)> {
    let done = Mutex::new(Vec::new());
    rayon::in_place_scope(|scope| {
        for (place, one) in these.into_iter().enumerate() {
            let content = read(&one);
            let (done, compute) = (&done, &compute);
            scope.spawn(move |_| {
                let result = compute(&one, content);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((place, (one, result)));
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::read_ahead;

    #[test]
    fn results_come_in_order_and_reading_does_not_wait() {
        let (tell, told) = std::sync::mpsc::channel();
        let told = std::sync::Mutex::new(told);
        // The first can only be computed when the third has been read.
        let read = |&number: &u32| {
            if number == 3 {
                tell.send(()).ok();
            }
            number * 10
        };
        let compute = |&number: &u32, content: u32| {
            if number == 1 {
                told.lock().ok().and_then(|told| told.recv().ok());
            }
            content + number
        };
        assert_eq!(read_ahead(1..=3, read, compute), [(1, 11), (2, 22), (3, 33)]);
    }
}
