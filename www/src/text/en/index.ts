// Every word the user reads.

import { common } from './common';
import { duplicates } from './duplicates';
import { kept } from './kept';
import { link } from './link';
import { problemOf } from './problems';
import { reasonOf } from './reasons';
import { review } from './review';

export const text = { ...common, kept, duplicates, ...link, ...review, problemOf, reasonOf };
