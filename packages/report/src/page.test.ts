import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeWith } from '@slipway/testing';
import puppeteer, { type Browser } from 'puppeteer-core';
import { toReportHtml } from './page.ts';
import { HOSTILE, SAMPLE } from './rehearsal-result.fixture.ts';

test('holds no script and no address to fetch from', () => {
	const page = toReportHtml(SAMPLE);
	expect(page).not.toMatch(/<script|\son\w+=|\s(?:src|href|action|srcset)="(?!data:)|url\(|@import/i);
});

test('draws the chain stage by stage and lists what was tried', () => {
	const page = toReportHtml(SAMPLE);
	for (const stage of SAMPLE.chains[0]?.stages ?? []) expect(page).toContain(stage.sha256);
	expect(page).toContain('https://github.com/octo-org/greet/.github/workflows/release.yml@refs/tags/v1.0.0');
	expect(page).toContain('signed 06:12:49');
	for (const { what, code } of SAMPLE.tampering) {
		expect(page).toContain(what);
		expect(page).toContain(code);
	}
});

test('without a signed release there is nothing of a chain', () => {
	const page = toReportHtml({ ...SAMPLE, chains: [], tampering: [] });
	expect(page).not.toMatch(/id="(chain|tampering)"/);
});

test('keeps every foreign text inert', () => {
	const page = toReportHtml(HOSTILE);
	expect(page).not.toMatch(/<script|<img|<b>|<i>|<\/style><|\u202e/i);
	expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
});

const LOOKS = (['light', 'dark'] as const).flatMap((scheme) =>
	[360, 1280].flatMap((width) =>
		(['passed', 'failed'] as const).map((outcome) => [scheme, width, outcome] as const),
	),
);

/** Text whose contrast with its background is below 4.5 : 1 (WCAG 2.2, 1.4.3); runs in the page. */
const FIND_CONTRAST_PROBLEMS = readFileSync(new URL('./contrast.page.js', import.meta.url), 'utf8');

const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

describeWith('chromium', 'the page in Chromium', () => {
	const folder = mkdtempSync(join(tmpdir(), 'slipway-report-'));
	let browser: Browser;

	beforeAll(async () => {
		writeFileSync(join(folder, 'passed.html'), toReportHtml(SAMPLE));
		writeFileSync(join(folder, 'failed.html'), toReportHtml(HOSTILE));
		browser = await puppeteer.launch({
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			userDataDir: join(folder, 'profile'),
			args: FLAGS,
		});
	});

	afterAll(async () => {
		await browser?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const open = async (scheme: string, width: number, outcome: string) => {
		const page = await browser.newPage();
		const problems: string[] = [];
		page.on('console', (message) => problems.push(message.text()));
		page.on('pageerror', (error) => problems.push(String(error)));
		page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
		const requests: string[] = [];
		page.on('request', (request) => requests.push(request.url()));
		await page.setViewport({ width, height: 900, deviceScaleFactor: 1 });
		await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
		await page.goto(pathToFileURL(join(folder, `${outcome}.html`)).href);
		await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
		return { page, problems, requests };
	};

	test.each(LOOKS)('%s, %i px wide, %s: nothing overflows, is too faint, or goes wrong', async (...look) => {
		const { page, problems, requests } = await open(...look);
		const screenshots = process.env.SLIPWAY_SCREENSHOTS;
		if (screenshots)
			await page.screenshot({ path: `${join(screenshots, look.join('-'))}.png`, fullPage: true });
		const widths = '[document.documentElement.scrollWidth, document.documentElement.clientWidth]';
		expect(await page.evaluate(widths)).toEqual([look[1], look[1]]);
		expect(await page.evaluate(FIND_CONTRAST_PROBLEMS)).toEqual([]);
		expect(problems).toEqual([]);
		expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
		await page.close();
	});

	test('has landmarks, one title and headings in order', async () => {
		const { page } = await open('light', 1280, 'passed');
		const outline = (await page.evaluate(`({
			landmarks: ['header', 'main', 'footer'].map((name) => document.querySelectorAll('body > ' + name).length),
			unnamed: [...document.querySelectorAll('section')].filter(
				(section) => !document.getElementById(section.getAttribute('aria-labelledby'))?.textContent).length,
			levels: [...document.querySelectorAll('h1,h2,h3')].map(({ tagName }) => Number(tagName[1])),
		})`)) as { levels: number[] };
		expect(outline).toMatchObject({ landmarks: [1, 1, 1], unnamed: 0 });
		expect(outline.levels.filter((level) => level === 1)).toEqual([1]);
		expect(outline.levels.every((level, i, all) => i === 0 || level <= (all[i - 1] ?? 0) + 1)).toBe(true);
		await page.close();
	});

	test('prints its journal although it is folded on screen', async () => {
		const { page } = await open('light', 1280, 'passed');
		await page.evaluate('document.querySelector("#journal ~ details").open = false');
		const visible = 'document.querySelector(".record").checkVisibility({ contentVisibilityAuto: true })';
		await page.waitForFunction(`!${visible}`);
		await page.emulateMediaType('print');
		await page.waitForFunction(visible);
		await page.close();
	});
});
