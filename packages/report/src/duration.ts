/** Milliseconds for people: "340 ms", "2.4 s", "3 min 05 s". */
export const toDurationText = (ms: number): string => {
	if (ms < 995) return `${Math.round(ms)} ms`;
	if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1000);
	return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
};

/** Bytes for people: "812 bytes", "4.2 kB", "1.3 MB" (powers of ten). */
export const toSizeText = (bytes: number): string => {
	if (bytes < 1000) return `${bytes} bytes`;
	return bytes < 999_950 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
};
