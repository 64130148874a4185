import { compareTarNames, type TarEntry, toTarBytes } from '@slipway/archive';
import type { DataTar } from './data-tar.ts';

/** Everything below /etc is a configuration file (Policy 10.7.3): dpkg keeps what the administrator changed. */
const isConffile = (path: string): boolean => path.startsWith('etc/');

export interface ControlParts {
	/** Text of the control file. */
	readonly control: string;
	readonly md5sums: Awaited<DataTar['md5sums']>;
	readonly scripts: readonly TarEntry[];
}

/** control.tar: the control file, conffiles, md5sums (of all other files) and the maintainer scripts. */
export const toControlTar = ({ control, md5sums, scripts }: ControlParts, mtime: number): Buffer => {
	const conffiles = md5sums.filter(([path]) => isConffile(path));
	const sums = md5sums.filter(([path]) => !isConffile(path));
	const texts = {
		'./control': control,
		'./conffiles': conffiles.map(([path]) => `/${path}\n`).join(''),
		'./md5sums': sums.map(([path, md5]) => `${md5}  ${path}\n`).join(''),
	};
	const files = Object.entries(texts)
		.filter(([, text]) => text !== '')
		.map(([name, text]): TarEntry => ({ type: 'file', name, mode: 0o644, content: Buffer.from(text) }));
	const root: TarEntry = { type: 'directory', name: './', mode: 0o755 };
	const entries = [root, ...files, ...scripts].sort((a, b) => compareTarNames(a.name, b.name));
	return toTarBytes(entries, { mtime });
};
