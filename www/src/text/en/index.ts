// Every word the user reads.

import { common } from './common';
import { kept } from './kept';
import { link } from './link';
import { problemOf } from './problems';
import { reasonOf } from './reasons';
import { review } from './review';

export const text = { ...common, kept, ...link, ...review, problemOf, reasonOf };
