import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Handler } from '@slipway/http';

interface AptRule {
	readonly prefix: string;
	readonly kind: 'reset' | 'unavailable';
	readonly onStrike: () => void;
	left: number;
}

/** An index that a cache goes on serving. */
interface Frozen {
	readonly prefix: string;
	readonly bytes: ReadonlyMap<string, Buffer>;
	readonly until: () => number;
}

const isIndex = (path: string): boolean => path.endsWith('/InRelease');

/** What goes wrong between an apt repository and those who read it over HTTP. Paths start with `/`. */
export class AptFaults {
	readonly #root: string;
	readonly #rules: AptRule[] = [];
	#frozen: Frozen | undefined;

	constructor(root: string) {
		this.#root = root;
	}

	/** The next reads of a suite's InRelease below `prefix` fail. */
	strike(prefix: string, rule: Omit<AptRule, 'prefix' | 'left'> & { readonly times: number }): void {
		this.#rules.push({ prefix, kind: rule.kind, onStrike: rule.onStrike, left: rule.times });
	}

	/** Readers below `prefix` get these InRelease files as they are now, until `ms` after the first of them has changed. */
	freeze(prefix: string, files: readonly string[], ms: number): void {
		const read = (file: string) => readFileSync(join(this.#root, prefix, file));
		const present = files.filter((file) => existsSync(join(this.#root, prefix, file)));
		const bytes = new Map(present.map((file) => [`${prefix}/${file}`, read(file)]));
		let changed: number | undefined;
		const until = () => {
			if (present.some((file) => !read(file).equals(bytes.get(`${prefix}/${file}`) ?? Buffer.alloc(0))))
				changed ??= Date.now();
			return (changed ?? Date.now()) + ms;
		};
		this.#frozen = { prefix, bytes, until };
	}

	#findRule(path: string): AptRule | undefined {
		return this.#rules.find(({ prefix, left }) => left > 0 && isIndex(path) && path.startsWith(`${prefix}/`));
	}

	/** The same handler, with what goes wrong. */
	wrap(handler: Handler): Handler {
		return (request, response) => {
			const path = request.url ?? '/';
			const rule = this.#findRule(path);
			if (rule) {
				rule.left -= 1;
				rule.onStrike();
				if (rule.kind === 'reset') return void request.socket.resetAndDestroy();
				return void response.writeHead(503, { 'retry-after': '1' }).end();
			}
			const old =
				this.#frozen && Date.now() < this.#frozen.until() ? this.#frozen.bytes.get(path) : undefined;
			return old === undefined ? handler(request, response) : void response.writeHead(200).end(old);
		};
	}
}
