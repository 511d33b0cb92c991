//! One file on its way: looked at, hashed, and moved by renaming or, between two
//! storages, by a copy that is verified before the first one is removed.

use super::act::{Act, Form, Place, Seen, Time};
use super::acts::{Acts, Fault};
use super::manifest::Facts;

/// How a file is, compared with what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// The bytes that it should have.
    Whole(Seen),
    /// Other bytes.
    Changed,
    /// There is nothing.
    Gone,
    /// It is no file.
    NoFile,
    /// It cannot be looked at; the rest of a sentence that begins "it".
    Unread(String),
}

/// Why a file was not moved. But for [`Trouble::Stuck`] it is where it was, and
/// nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is nothing.
    Gone,
    /// Something lies where it should go.
    Taken,
    /// It changed while it was moved.
    Changed,
    /// The rest of a sentence that begins "it".
    Failed(String),
    /// It lies where it should go, and was to be taken back, which was not possible;
    /// the rest of a sentence that begins "it".
    Stuck(String),
}

impl Acts {
    /// Compares a file's bytes with a hash.
    pub(super) async fn state(&self, place: &Place, blake3: &[u8; 32]) -> State {
        let seen = match self.look(place).await {
            Ok(seen) if seen.form == Form::File => seen,
            Ok(_) => return State::NoFile,
            Err(fault) => return state(fault),
        };
        match self.hash(place).await {
            Ok((found, size)) if found == *blake3 && size == seen.size => State::Whole(seen),
            Ok(_) => State::Changed,
            Err(fault) => state(fault),
        }
    }

    /// Moves a file that was found [`State::Whole`] as `seen`.
    pub(super) async fn transfer(
        &self,
        (from, to): (&Place, &Place),
        file: &Facts,
        seen: &Seen,
    ) -> Result<(), Trouble> {
        match self.act(Act::Move(from.clone(), to.clone())).await {
            Ok(()) => self.arrived((from, to), seen).await,
            Err(Fault::Gone) => Err(Trouble::Gone),
            Err(Fault::Taken) => Err(Trouble::Taken),
            Err(Fault::Elsewhere) => self.carry((from, to), file, seen).await,
            Err(Fault::Failed(why)) => Err(Trouble::Failed(why)),
        }
    }

    /// Looks whether what was renamed is what was hashed; if not, it goes back.
    async fn arrived(&self, (from, to): (&Place, &Place), seen: &Seen) -> Result<(), Trouble> {
        if self.look(to).await.is_ok_and(|now| is_same(&now, seen)) {
            return Ok(());
        }
        match self.act(Act::Move(to.clone(), from.clone())).await {
            Ok(()) => Err(Trouble::Changed),
            Err(_) => Err(Trouble::Stuck("changed while it was moved".into())),
        }
    }

    /// Copies, verifies, and removes what was copied.
    async fn carry(
        &self,
        (from, to): (&Place, &Place),
        file: &Facts,
        seen: &Seen,
    ) -> Result<(), Trouble> {
        if self.look(to).await.is_ok() {
            return Err(Trouble::Taken);
        }
        let part = part(to);
        let mut copied = self.copy(from, &part).await;
        if copied == Err(Fault::Taken) {
            // One that an earlier run could not remove: nobody else makes such names.
            self.drop_part(&part).await;
            copied = self.copy(from, &part).await;
        }
        if let Err(fault) = copied {
            self.drop_part(&part).await;
            return Err(match fault {
                Fault::Taken => {
                    Trouble::Failed("was not copied: an unfinished copy is there".into())
                }
                fault => trouble(fault),
            });
        }
        if let Err(trouble) = self.completed((from, &part, to), file, seen.modified).await {
            self.drop_part(&part).await;
            return Err(trouble);
        }
        if let Err(fault) = self.act(Act::Sync(vec![to.clone()])).await {
            return self.uncopied((from, to), file, &sentence(fault)).await;
        }
        // Removing is the one act that cannot be taken back: the bytes are compared
        // just before it.
        match self.state(from, &file.blake3).await {
            State::Whole(_) => {}
            State::Gone => return Ok(()),
            State::Unread(why) => return self.uncopied((from, to), file, &why).await,
            _ => return Err(Trouble::Stuck("changed while it was copied".into())),
        }
        match self.act(Act::Remove(from.clone())).await {
            Ok(()) | Err(Fault::Gone) => Ok(()),
            Err(fault) => self.uncopied((from, to), file, &sentence(fault)).await,
        }
    }

    /// A copy, verified and under its final name.
    async fn completed(
        &self,
        (from, part, to): (&Place, &Place, &Place),
        file: &Facts,
        modified: Option<Time>,
    ) -> Result<(), Trouble> {
        let sealed = Act::Seal { copy: part.clone(), of: from.clone(), modified };
        self.act(sealed).await.map_err(trouble)?;
        match self.state(part, &file.blake3).await {
            State::Whole(_) => {}
            State::Unread(why) => return Err(Trouble::Failed(why)),
            _ => return Err(Trouble::Changed),
        }
        match self.act(Act::Move(part.clone(), to.clone())).await {
            Ok(()) => Ok(()),
            Err(Fault::Elsewhere) => Err(Trouble::Failed("cannot be moved there".into())),
            Err(fault) => Err(trouble(fault)),
        }
    }

    /// Takes a copy back whose first file could not be removed, if that is whole.
    async fn uncopied(
        &self,
        (from, to): (&Place, &Place),
        file: &Facts,
        why: &str,
    ) -> Result<(), Trouble> {
        if matches!(self.state(from, &file.blake3).await, State::Whole(_))
            && self.act(Act::Remove(to.clone())).await.is_ok()
        {
            return Err(Trouble::Failed(why.to_owned()));
        }
        Err(Trouble::Stuck(why.to_owned()))
    }

    /// Removes an unfinished copy, if there is one. What cannot be removed now is removed at
    /// the next start.
    pub(super) async fn drop_part(&self, part: &Place) {
        let dropped = match self.look(part).await {
            Ok(seen) if seen.form == Form::File => self.act(Act::Remove(part.clone())).await,
            Ok(_) => Ok(()),
            Err(fault) => Err(fault),
        };
        if !matches!(dropped, Ok(()) | Err(Fault::Gone)) {
            self.leave_unfinished();
        }
    }
}

/// Where an unfinished copy of what goes to this place lies: on the same storage.
pub(super) fn part(to: &Place) -> Place {
    match to {
        Place::Given(folder, path) => {
            let hash = blake3::hash(path.as_str().as_bytes()).to_hex();
            // 64 bits: no file of a user has this name.
            Place::Beside(*folder, path.clone(), format!(".heirloom-{}.part", &hash[..16]))
        }
        Place::Kept(_) | Place::Part | Place::Beside(..) => Place::Part,
    }
}

/// Whether it is the file that was seen, after a move.
fn is_same(now: &Seen, seen: &Seen) -> bool {
    now.form == seen.form && now.size == seen.size && now.modified == seen.modified
}

fn state(fault: Fault) -> State {
    match fault {
        Fault::Gone => State::Gone,
        fault => State::Unread(sentence(fault)),
    }
}

fn trouble(fault: Fault) -> Trouble {
    match fault {
        Fault::Gone => Trouble::Gone,
        Fault::Taken => Trouble::Taken,
        fault => Trouble::Failed(sentence(fault)),
    }
}

/// The rest of a sentence that begins "it".
pub(super) fn sentence(fault: Fault) -> String {
    match fault {
        Fault::Gone => "is not there any more".into(),
        Fault::Taken => "would lie where something lies already".into(),
        Fault::Elsewhere => "lies on another storage".into(),
        Fault::Failed(why) => why,
    }
}
