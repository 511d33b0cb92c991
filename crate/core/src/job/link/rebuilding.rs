//! Writing the bundle: first the plan, then the report on what was written.

use super::reporting::Reporting;
use super::state::{Job, Phase};
use crate::error::Fatal;
use crate::io::{Bundle, Files};
use crate::plan::names::LIST;
use crate::progress::{Advance, Stage};
use crate::rebuild::listing::Watched;
use crate::rebuild::{BATCH_BYTES, Inputs, Rebuilder, write_whole};
use crate::report;

impl<F: Files> Job<F> {
    /// Writes one batch of the bundle. The first call makes the plan from the
    /// answers given until then.
    ///
    /// # Errors
    /// [`Fatal::Output`]: the bundle cannot be written; what was written is
    /// not whole. [`Fatal::TooEarly`]: not everything is decided yet.
    pub fn rebuild(&mut self, bundle: &mut dyn Bundle) -> Result<Advance, Fatal> {
        if matches!(self.phase, Phase::Decided) {
            self.start_rebuilding();
        }
        match &mut self.phase {
            Phase::Rebuild(_) => self.rebuild_batch(bundle),
            Phase::Report(..) => self.write_report(bundle),
            Phase::Finished(_) => Ok(Advance::Done(self.desk.progress)),
            Phase::Look(_) => Err(Fatal::TooEarly("looking into videos")),
            _ => Err(Fatal::TooEarly("matching")),
        }
    }

    /// Goes back to the answers after a bundle was written or failed, so that
    /// another can be written.
    pub fn reopen(&mut self) {
        if matches!(self.phase, Phase::Rebuild(_) | Phase::Report(..) | Phase::Finished(_)) {
            self.phase = Phase::Decided;
        }
    }

    fn start_rebuilding(&mut self) {
        let plan = self.plan();
        let rebuilder = Rebuilder::new(
            &Inputs {
                library: &self.library,
                export: &self.export,
                files: &self.desk.files,
                settings: &self.settings,
            },
            plan,
        );
        self.desk.enter(Stage::Rebuild, 0);
        self.desk.progress.bytes_written = 0;
        self.phase = Phase::Rebuild(Box::new(rebuilder));
    }

    fn rebuild_batch(&mut self, bundle: &mut dyn Bundle) -> Result<Advance, Fatal> {
        let Phase::Rebuild(rebuilder) = &mut self.phase else {
            return Err(Fatal::TooEarly("matching"));
        };
        let inputs = Inputs {
            library: &self.library,
            export: &self.export,
            files: &self.desk.files,
            settings: &self.settings,
        };
        let written = rebuilder.advance(&inputs, bundle, &mut self.desk.issues)?;
        self.desk.progress.done = written.done;
        self.desk.progress.total = written.total;
        self.desk.progress.bytes_written = written.bytes_written;
        self.desk.progress.bytes_read += written.bytes_read;
        if written.finished {
            self.report_on_written();
        }
        Ok(Advance::Working(self.desk.progress))
    }

    /// Reports on what was really written, which may be less than was planned.
    fn report_on_written(&mut self) {
        let Phase::Rebuild(rebuilder) = std::mem::replace(&mut self.phase, Phase::Decided) else {
            return;
        };
        let (plan, listing) = rebuilder.into_done();
        let report = self.report_on(&plan);
        self.desk.enter(Stage::Report, report.html.len() as u64 + 2);
        let own = plan.own;
        self.phase = Phase::Report(Box::new(Reporting { report, listing, own, written: 0 }));
    }

    /// Writes some files of the report; after the last completes the bundle.
    fn write_report(&mut self, bundle: &mut dyn Bundle) -> Result<Advance, Fatal> {
        let Phase::Report(reporting) = &mut self.phase else {
            return Err(Fatal::TooEarly("rebuild"));
        };
        let Reporting { report, listing, own, written: next } = &mut **reporting;
        let pages = report.html.iter().map(|(path, text)| (path.as_str(), text));
        let files = pages.chain([(own.mapping.as_str(), &report.mapping_json)]);
        let mut written = 0;
        for (path, text) in files.skip(*next) {
            if written >= BATCH_BYTES {
                return Ok(Advance::Working(self.desk.progress));
            }
            write_whole(&mut Watched::new(bundle, listing), path, text.as_bytes())?;
            *next += 1;
            written += text.len() as u64;
            self.desk.progress.done += 1;
            self.desk.progress.bytes_written += text.len() as u64;
        }
        let list = report::files::text(listing.files());
        write_whole(bundle, LIST, list.as_bytes())?;
        bundle.finish().map_err(Fatal::Output)?;
        if let Phase::Report(done) = std::mem::replace(&mut self.phase, Phase::Decided) {
            self.phase = Phase::Finished(Box::new(done.report));
        }
        Ok(Advance::Done(self.desk.progress))
    }
}
