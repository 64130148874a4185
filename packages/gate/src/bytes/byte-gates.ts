import type { Gate } from '../gate.ts';
import { METADATA_GATE } from '../metadata/metadata-gate.ts';
import { NPM_FILES_GATE } from '../npm-files/npm-files-gate.ts';
import { PACKAGE_DIFF_GATE } from '../package-diff/package-diff-gate.ts';
import { SECRETS_GATE } from '../secrets/secrets-gate.ts';
import { PROVENANCE_REGRESSION_GATE } from './provenance-regression-gate.ts';
import { REBUILD_GATE } from './rebuild-gate.ts';

/** The gates that look into the packed bytes, in the order of GATE_IDS. None of them needs a network of its own. */
export const BYTE_GATES: readonly Gate[] = [
	SECRETS_GATE,
	PACKAGE_DIFF_GATE,
	PROVENANCE_REGRESSION_GATE,
	REBUILD_GATE,
	METADATA_GATE,
	NPM_FILES_GATE,
];
