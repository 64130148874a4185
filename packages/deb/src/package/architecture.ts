import { endianness } from 'node:os';
import { toDebError } from './error.ts';

/** One architecture of a binary package: never a wildcard or a list (Policy 5.6.8, 11.1). */
export const ARCHITECTURE = /^(?!(?:any|source)$|any-)(?!.*-any$)[a-z0-9][a-z0-9-]{0,62}$/;

/** Node's name of an architecture: dpkg's (dpkg, data/cputable). */
const BY_NODE_NAME: Readonly<Record<string, string>> = {
	arm: 'armhf',
	arm64: 'arm64',
	ia32: 'i386',
	loong64: 'loong64',
	mipsel: 'mipsel',
	riscv64: 'riscv64',
	s390x: 's390x',
	x64: 'amd64',
};

/**
 * The Debian architecture that `architecture` of slipway.yml means; "native" is the machine that builds.
 * @throws SlipwayError DEB_ARCHITECTURE_INVALID
 */
export const toDebianArchitecture = (architecture: string, machine: string = process.arch): string => {
	if (architecture === 'native' && machine === 'ppc64') return endianness() === 'LE' ? 'ppc64el' : 'ppc64';
	const known = Object.hasOwn(BY_NODE_NAME, machine) ? BY_NODE_NAME[machine] : undefined;
	const name = architecture === 'native' ? known : architecture;
	if (name !== undefined && ARCHITECTURE.test(name)) return name;
	throw toDebError(
		'DEB_ARCHITECTURE_INVALID',
		`expected "all", "native" or an architecture such as amd64, got ${JSON.stringify(architecture)} on ${machine}`,
		'Name the architecture in slipway.yml as `dpkg --print-architecture` prints it.',
	);
};
