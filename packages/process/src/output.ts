import { StringDecoder } from 'node:string_decoder';
import { redact } from './redact.ts';

interface OutputOptions {
	/** Kept bytes of UTF-8; the end wins. */
	readonly maxBytes: number;
	/** As `toSecretForms` gives them. */
	readonly secretForms: readonly string[];
	readonly onLine?: ((line: string) => void) | undefined;
}

/** A line longer than this is passed on in parts. */
const LONGEST_LINE = 64 * 1024;

/** Collects one stream of a child as text: decoded as UTF-8, redacted line by line, bounded from the front. */
export class Output {
	readonly #options: OutputOptions;
	readonly #decoder = new StringDecoder('utf8');
	/** Multi-line secrets are redacted line by line, so no form is ever longer than a part that is held back. */
	readonly #overlap: number;
	#open = '';
	#kept: string[] = [];
	#keptBytes = 0;
	#cutBytes = 0;

	constructor(options: OutputOptions) {
		this.#options = options;
		this.#overlap = options.secretForms[0]?.length ?? 0;
	}

	push(chunk: Uint8Array): void {
		const lines = (this.#open + this.#decoder.write(Buffer.from(chunk))).split('\n');
		this.#open = lines.pop() ?? '';
		for (const line of lines) this.#keepLine(line, '\n');
		if (this.#open.length > LONGEST_LINE + this.#overlap) this.#keepPart();
	}

	end(): void {
		const rest = this.#open + this.#decoder.end();
		this.#open = '';
		if (rest !== '') this.#keepLine(rest, '');
	}

	/** What has been kept so far; says how much was cut off at its start. */
	toText(): string {
		const text = this.#kept.join('') + redact(this.#open, this.#options.secretForms);
		return this.#cutBytes > 0 ? `[… ${this.#cutBytes} bytes cut]\n${text}` : text;
	}

	#keepLine(line: string, ending: string): void {
		const redacted = redact(line, this.#options.secretForms);
		this.#keep(redacted + ending);
		this.#options.onLine?.(redacted.replace(/\r$/, ''));
	}

	/** Holds back as many characters as a secret can have, so that none is split between two parts. */
	#keepPart(): void {
		const redacted = redact(this.#open, this.#options.secretForms);
		const end = Math.max(0, redacted.length - this.#overlap);
		this.#keep(redacted.slice(0, end));
		this.#options.onLine?.(redacted.slice(0, end));
		this.#open = redacted.slice(end);
	}

	#keep(text: string): void {
		this.#kept.push(text);
		this.#keptBytes += Buffer.byteLength(text);
		const { maxBytes } = this.#options;
		// Dropping whole pieces only once twice the limit is reached keeps the cost per line constant.
		if (this.#keptBytes > 2 * maxBytes) this.#trim();
	}

	#trim(): void {
		const bytes = Buffer.from(this.#kept.join(''));
		const from = Math.max(0, bytes.length - this.#options.maxBytes);
		// Never start inside a character: continuation bytes of UTF-8 are 10xxxxxx.
		let start = from;
		while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
		this.#cutBytes += start;
		this.#kept = [bytes.subarray(start).toString()];
		this.#keptBytes = bytes.length - start;
	}

	/** Brings what is kept down to the limit exactly; called once the stream has ended. */
	finish(): string {
		this.end();
		if (this.#keptBytes > this.#options.maxBytes) this.#trim();
		return this.toText();
	}
}
