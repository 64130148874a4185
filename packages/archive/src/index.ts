export { type ArMember, toAr } from './write-ar.ts';
export { toGzip } from './write-gzip.ts';
export {
	compareTarNames,
	type LazyContent,
	type TarEntry,
	type TarOptions,
	toTar,
	toTarBytes,
	toTarSize,
} from './write-tar.ts';
