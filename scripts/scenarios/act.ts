import { toModuleTool } from '../judges/go-tools.ts';
import { installTools } from '../judges/install.ts';
import { toBinPath } from '../judges/stamp.ts';
import { withLock } from '../with-lock.ts';

/** The engine that runs the workflows; Go's checksum database vouches for its bytes. */
const ACT = toModuleTool(['act', 'github.com/nektos/act@v0.2.89']);

/** Installs act where it is missing. Returns its path. @throws Error when that cannot be done */
export const installAct = async (): Promise<string> => {
	await withLock('.cache/act.lock', () => installTools([ACT]));
	return toBinPath('act');
};
