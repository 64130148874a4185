import { BUNDLES } from './tamper-bundles.ts';
import { BYTES } from './tamper-bytes.ts';
import { RECORDS } from './tamper-records.ts';
import { SBOMS } from './tamper-sboms.ts';
import type { Tampering } from './tampering.ts';

/** Every change that is tried on a copy of the Release. */
export const TAMPERINGS: readonly Tampering[] = [...BYTES, ...SBOMS, ...BUNDLES, ...RECORDS];
