import { findByTag, findLatest } from '../state/release.ts';
import type { Call } from './call.ts';
import { toWeb } from './call.ts';
import { type GitHubReply, toBytesReply, toEmptyReply } from './exchange.ts';
import { replyNotFound } from './replies.ts';

const toPageReply = (title: string): GitHubReply =>
	toBytesReply(
		Buffer.from(`<!doctype html><title>${title.replace(/[<&]/g, '')}</title>`),
		'text/html; charset=utf-8',
	);

const download = (call: Call, tag: string, name: string): GitHubReply => {
	const asset = findByTag(call.repository.releases, tag)?.assets.find((each) => each.name === name);
	if (asset?.state !== 'uploaded') return replyNotFound();
	asset.downloads += 1;
	return toEmptyReply(302, { location: call.storage.sign(asset) });
};

/** What people and anonymous clients open, below `/OWNER/NAME/`: pages and downloads of published releases. */
export const answerWeb = (call: Call, path: readonly string[]): GitHubReply => {
	const { releases, latest } = call.repository;
	const [area, kind, ...rest] = path;
	if (area === undefined) return toPageReply(toWeb(call));
	if (area !== 'releases') return replyNotFound();
	const newest = findLatest(releases, latest);
	if (kind === 'download' && rest.length > 1)
		return download(call, rest.slice(0, -1).join('/'), rest.at(-1) ?? '');
	if (kind === 'latest' && rest[0] === 'download')
		return download(call, newest?.tag ?? '', rest.slice(1).join('/'));
	if (kind === 'latest')
		return newest
			? toEmptyReply(302, { location: `${toWeb(call)}/releases/tag/${encodeURIComponent(newest.tag)}` })
			: toEmptyReply(302, { location: `${toWeb(call)}/releases` });
	const shown = kind === 'tag' ? findByTag(releases, rest.join('/')) : undefined;
	return kind === undefined || shown ? toPageReply(shown?.name ?? 'Releases') : replyNotFound();
};
