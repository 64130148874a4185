// The programs that tests run besides Node, and how a fresh Debian or Ubuntu gets them.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian package: the commands, or the file, that show it is there (any one of them). */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
	aptly: ['aptly'],
	chromium: ['chromium', 'chromium-browser', 'google-chrome'],
	'dpkg-dev': ['dpkg-scanpackages'],
	gcc: ['cc', 'gcc'],
	git: ['git'],
	gnupg: ['gpg'],
	gpgv: ['gpgv'],
	iproute2: ['ip'],
	'libc6-dev': ['cc'],
	lintian: ['lintian'],
	openssl: ['openssl'],
	'python3-venv': ['/var/lib/dpkg/info/python3-venv.list'],
	reprepro: ['reprepro'],
	sqv: ['sqv'],
	strace: ['strace'],
	'util-linux': ['unshare'],
	'xz-utils': ['xz'],
	zstd: ['zstd'],
};

const isExecutable = (file: string): boolean => {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

/** `ip` lies in sbin, which is not on everybody's PATH. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

const isThere = (name: string): boolean =>
	name.startsWith('/') ? existsSync(name) : FOLDERS.some((folder) => isExecutable(join(folder, name)));

const runApt = (args: readonly string[]): boolean =>
	spawnSync('apt-get', args, {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	}).status === 0;

const toInstallArguments = (packages: readonly string[]): string[] => [
	'install',
	'--yes',
	'--no-install-recommends',
	...packages,
];

/**
 * Installs what is missing where that is wanted (root, CI set), else says which one command does it.
 * What stays missing makes its tests skip on a laptop and fail in CI: nothing is decided here.
 */
export const provideSystemPackages = (): void => {
	if (process.platform !== 'linux' || !isThere('apt-get')) return;
	const missing = Object.keys(PACKAGES).filter((name) => !PACKAGES[name]?.some(isThere));
	if (missing.length === 0) return;
	const command = ['apt-get', ...toInstallArguments(missing)].join(' ');
	if (process.getuid?.() !== 0 || !process.env.CI) {
		console.warn(`Some tests need programs that are not here. To get them: sudo ${command}`);
		return;
	}
	console.log(`Installing ${missing.join(', ')}`);
	if (!runApt(['update', '-qq']) || !runApt(toInstallArguments(missing))) console.error(`Failed: ${command}`);
};
