import { OTHER_BYTES, PROJECT } from './releases.ts';
import type { Intrusion, Mischief } from './scenario.ts';
import type { Place, World } from './world.ts';

const toBytes = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const forgeOutcomes = ({ files }: World, version: string): void => {
	for (const name of ['upload-npm-0', 'expose-npm', 'verify-exposed-npm', 'end'])
		files.put(
			`releases/${PROJECT}/${version}/outcomes/000001-${name}.json`,
			toBytes({ phase: name, state: 'COMPLETED' }),
		);
};

/** What somebody with write access does to the journal. Nobody runs meanwhile. */
export const doMischief = (world: World, { kind, choice }: Mischief, version: string): void => {
	const { files } = world;
	const paths = files.list('');
	const path = paths[choice % Math.max(1, paths.length)];
	world.tell(() => `somebody ${kind} (${path})`);
	if (kind === 'deletes the journal') for (const each of paths) files.remove(each);
	if (path === undefined) return;
	if (kind === 'deletes a record') files.remove(path);
	if (kind === 'tears a record')
		files.put(path, files.read(path)?.bytes.slice(0, choice % 40) ?? new Uint8Array());
	if (kind === 'forges outcomes') forgeOutcomes(world, version);
	if (kind === 'forges an end') {
		const fence = files.list(`fences/${PROJECT}`).findLast((each) => /\/\d+\.json$/.test(each));
		const time = new Date(world.time.now).toISOString();
		if (fence)
			files.put(fence.replace('.json', '-end.json'), toBytes({ state: 'COMPLETED', reason: 'forged', time }));
	}
	if (kind === 'plants a plan') {
		const plan = files.read(`releases/${PROJECT}/${version}/plan.json`);
		if (!plan) return;
		const text = Buffer.from(plan.bytes)
			.toString()
			.replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${OTHER_BYTES}"`);
		files.put(`releases/${PROJECT}/${version}/plan.json`, new TextEncoder().encode(text));
	}
};

const THEIRS = '1.0.9';

/** Makes a version of theirs the default. */
export const movePointer = (world: World, place: Place): void => {
	const { now } = world.time;
	const name = /\/([^@]+)@/.exec(place.artifact.purl)?.[1] ?? '';
	world.tell(
		() => `somebody moves the pointer of ${place.server} ${name} from ${place.current} to ${THEIRS}`,
	);
	if (place.server === 'npm') {
		if (place.current === null) return;
		world.npm.publish(name, { version: THEIRS, sha256: OTHER_BYTES, tag: 'theirs', now: 0 });
		world.npm.tag(name, { tag: 'latest', version: THEIRS, now });
		world.npm.pointers.set(`${name}@latest`, THEIRS, now);
	} else if (place.server === 'apt') world.apt.offer(name, THEIRS, now);
	else if (place.server === 'github') {
		if (world.github.find(`v${THEIRS}`).length === 0)
			world.github.draft(`v${THEIRS}`, 'theirs').isDraft = false;
		world.github.pointers.set('latest', `v${THEIRS}`, now);
	} else world.plain.pointers.set(name, THEIRS, now);
};

const publishOtherBytes = (world: World, choice: number, version: string): void => {
	const places = world.places(version).filter(({ held }) => held === undefined);
	const place = places[choice % Math.max(1, places.length)];
	if (!place) return;
	const { artifact, server } = place;
	const { now } = world.time;
	const name = /\/([^@]+)@/.exec(artifact.purl)?.[1] ?? '';
	world.tell(() => `somebody publishes other bytes as ${server} ${artifact.name}`);
	if (server === 'npm') world.npm.publish(name, { version, sha256: OTHER_BYTES, tag: 'theirs', now });
	else if (server === 'apt') world.apt.pool.set(`pool/${artifact.name}`, OTHER_BYTES);
	else if (server === 'plain') world.plain.files.set(artifact.name, { sha256: OTHER_BYTES, visibleAt: now });
	else if (world.github.find(`v${version}`).length === 0) {
		const release = world.github.draft(`v${version}`, `${artifact.name} ${OTHER_BYTES}`);
		release.assets.set(artifact.name, OTHER_BYTES);
		release.isDraft = false;
	}
};

/** What others do to the registries, at any time. */
export const intrude = (world: World, { kind, choice }: Intrusion, version: string): void => {
	const places = world.places(version);
	const place = places[choice % places.length];
	if (kind === 'moves a pointer' && place) movePointer(world, place);
	if (kind === 'publishes other bytes') publishOtherBytes(world, choice, version);
	if (kind === 'publishes another package') world.apt.offer('another', `${choice}.0.0`, world.time.now);
};
