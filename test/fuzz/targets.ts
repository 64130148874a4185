import type { Target } from './target.ts';
import { ARCHIVE_TARGETS } from './targets/archives.ts';
import { CORE_TARGETS } from './targets/core.ts';
import { DEBIAN_TARGETS } from './targets/debian.ts';
import { FILE_TARGETS } from './targets/files.ts';
import { GATE_TARGETS } from './targets/gate.ts';
import { NPM_TARGETS } from './targets/npm.ts';
import { PLATFORM_TARGETS } from './targets/platform.ts';
import { SBOM_TARGETS } from './targets/sbom.ts';
import { TRUST_TARGETS } from './targets/trust.ts';

/** Every parser of foreign input, each under one name. */
export const TARGETS: readonly Target[] = [
	...ARCHIVE_TARGETS,
	...CORE_TARGETS,
	...DEBIAN_TARGETS,
	...NPM_TARGETS,
	...GATE_TARGETS,
	...SBOM_TARGETS,
	...TRUST_TARGETS,
	...PLATFORM_TARGETS,
	...FILE_TARGETS,
];
