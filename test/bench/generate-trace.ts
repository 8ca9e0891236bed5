import { COLUMNS, type Column } from '../../src/analysis/trace/columns.ts';

/** What a correct parser finds in a generated trace; the names are those of the report. */
export interface TraceTotals {
  rows: number;
  messages: number;
  delivered: number;
  failed: number;
  pending: number;
  delayedThenDelivered: number;
  deferEvents: number;
  recipientOutcomes: { delivered: number; failed: number; pending: number; expanded: number };
  errors: Record<string, number>;
  first: string;
  last: string;
}

type Values = Partial<Record<Column, string>>;

const CONNECTOR = 'Outbound to on-premises';
const TENANT = '6d1f0c52-7b8e-4a39-9c40-0f5e2d7a8b91';
const TARGETS = [
  ['mail.contoso.example', '203.0.113.25'],
  ['smtp.tailspintoys.example', '203.0.113.139'],
  ['mx.fabrikam.example', '192.0.2.62'],
] as const;
const DEFERS = [
  ['450 4.4.316 Connection refused [Message=Socket error code 10061]', 'UnableToConnect'],
  [
    '450 4.4.317 Cannot establish session with remote server [Message=451 5.7.3 STARTTLS is required to send mail]',
    'TlsNotOffered',
  ],
  ['451 4.4.395 Target host responded with error. -> 421 4.3.2 Service not available', 'ServerBusy'],
] as const;
const FAILS = [
  ['550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup', 'RecipientRejected'],
  ['550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy', 'PolicyRejected'],
] as const;
const SUBJECTS = ['Order', 'RE: plan, week', 'FW: "offer"', 'Réunion; salle B', '发票', 'Newsletter - read in browser'];
const START = Date.UTC(2026, 8, 1);
const MESSAGES_A_CHUNK = 1000;

/**
 * Generates an extended message trace of about `bytes` (as UTF-8) in chunks of shuffled rows: eight in a hundred messages
 * are deferred, three are for a group, two fail. The same seed gives the same text. Returns the exact totals.
 */
export function* generateTrace(bytes: number, seed = 1): Generator<string, TraceTotals> {
  const maker = new Maker(seed);
  const header = line(Object.fromEntries(COLUMNS.map((name) => [name, name])));
  let size = header.length;
  yield header;
  while (size < bytes) {
    const rows: string[] = [];
    for (let count = 0, held = 0; count < MESSAGES_A_CHUNK && size + held < bytes; count++) {
      const before = rows.length;
      maker.message(rows);
      for (const row of rows.slice(before)) held += row.length;
    }
    maker.shuffle(rows);
    const chunk = rows.join('');
    size += Buffer.byteLength(chunk);
    yield chunk;
  }
  return maker.totals;
}

class Maker {
  readonly totals: TraceTotals = {
    rows: 0,
    messages: 0,
    delivered: 0,
    failed: 0,
    pending: 0,
    delayedThenDelivered: 0,
    deferEvents: 0,
    recipientOutcomes: { delivered: 0, failed: 0, pending: 0, expanded: 0 },
    errors: {},
    first: '9',
    last: '',
  };
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  message(rows: string[]): void {
    const { totals } = this;
    const number = totals.messages++;
    const at = START + this.below(10 * 86_400_000);
    const hub = `AM${this.below(6) + 4}PR0${this.below(9)}MB${1000 + this.below(40)}.eurprd0${this.below(9)}.prod.outlook.com`;
    const group = this.below(100) < 3;
    const members = Array.from({ length: group ? 2 + this.below(4) : 1 }, (_, index) =>
      this.below(100) === 0 && !group
        ? `"Name${this.below(99)}; A"@fabrikam.example`
        : `${group ? `member${index}.` : 'rcpt'}${this.below(9000)}@contoso.example`,
    );
    const to = group ? `group${this.below(60)}@contoso.example` : (members[0] ?? '');
    const subject = `${SUBJECTS[this.below(SUBJECTS.length)]} ${this.below(99_999)}`;
    const base: Values = {
      internal_message_id: String(10 ** 12 + this.below(10 ** 9)),
      message_id: `<${this.hex(24)}.${number}@${hub}>`,
      network_message_id: `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`,
      total_bytes: String(4000 + this.below(900_000)),
      message_subject: subject,
      sender_address: `sender${this.below(4000)}@contoso.example`,
      return_path: 'sender@contoso.example',
      directionality: 'Originating',
      server_hostname: hub,
      recipient_count: '1',
    };
    const one = { ...base, recipient_address: to };
    const context = `08DE${this.hex(12)};${iso(at)};0`;
    const proxy = `S:ProxyHop1=${hub}(2603:1026:c903:363a::83);S:InboundConnectorData=Name=;S:tlsversion=TLS1_2;S:DeliveryPriority=Normal`;
    rows.push(
      this.row(at, {
        ...one,
        source: 'SMTP',
        event_id: 'RECEIVE',
        source_context: context,
        message_info: '0cA: ',
        custom_data: proxy,
      }),
      this.row(at + 20, {
        ...one,
        source: 'SMTP',
        event_id: 'HAREDIRECT',
        source_context: `${hub}=250 2.6.0 Queued mail for redundancy`,
      }),
      this.row(at + 200, { ...one, source: 'AGENT', event_id: 'AGENTINFO', custom_data: this.agentData() }),
    );
    if (group) {
      totals.recipientOutcomes.expanded++;
      const recipient_address = members.join(';');
      rows.push(
        this.row(at + 900, {
          ...base,
          recipient_address,
          related_recipient_address: to,
          source: 'ROUTING',
          event_id: 'EXPAND',
        }),
      );
    }
    const kind = group ? 100 : this.below(100);
    for (const member of members) this.finish(rows, { ...base, recipient_address: member }, at + 1000, kind);
    rows.push(this.row(at + 60_000, { ...base, source: 'REDUNDANCY', event_id: 'HADISCARD' }));
    if (kind >= 10) totals.delivered++;
  }

  shuffle(rows: string[]): void {
    for (let at = rows.length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      [rows[at], rows[other]] = [rows[other] ?? '', rows[at] ?? ''];
    }
  }

  private finish(rows: string[], one: Values, at: number, kind: number): void {
    const { totals } = this;
    const [host, ip] = TARGETS[this.below(TARGETS.length)] ?? TARGETS[0];
    const client_ip = `40.107.${this.below(9)}.${this.below(254) + 1}`;
    const hop = { ...one, client_ip, client_hostname: one.server_hostname ?? '', server_ip: ip, server_hostname: host };
    const out = {
      ...hop,
      connector_id: CONNECTOR,
      source: 'SMTP',
      custom_data: `S:ExternalSendLatency=1.2;S:Oorg=contoso.example`,
    };
    let time = at;
    if (kind < 8) {
      for (let left = 1 + this.below(4); left > 0; left--) {
        const [text, error] = DEFERS[this.below(DEFERS.length)] ?? DEFERS[0];
        totals.deferEvents++;
        this.error(error);
        const led = `${text} [LastAttemptedServerName=${host}] [LastAttemptedIP=${ip}:25] [FT037.prod.protection.outlook.com ${iso(time)} 08DE${this.hex(12)}]`;
        const recipient_status = `[{LED=${led}};{MSG=};{FQDN=${host}};{IP=${ip}};{LRT=9/4/2026 3:00:35 PM}]. OutboundProxyTargetIP: ${ip}`;
        rows.push(this.row(time, { ...out, event_id: 'DEFER', recipient_status }));
        time += 900_000;
      }
      if (kind < 3) {
        totals.pending++;
        totals.recipientOutcomes.pending++;
        return;
      }
      totals.delivered++;
      totals.delayedThenDelivered++;
    } else if (kind < 10) {
      const [text, error] = FAILS[this.below(FAILS.length)] ?? FAILS[0];
      this.error(error);
      totals.failed++;
      totals.recipientOutcomes.failed++;
      const recipient_status = `[{LED=${text}};{MSG=};{FQDN=};{IP=};{LRT=}]`;
      rows.push(this.row(time, { ...one, source: 'ROUTING', event_id: 'FAIL', recipient_status }));
      return;
    }
    totals.recipientOutcomes.delivered++;
    const info = `${iso(at)};SRV=FE1.prod.outlook.com:TOTAL-FE=0.074|SMR=0.072(SMRPI=0.002);LSRV=${one.server_hostname}:TOTAL-HUB=${(this.below(3000) / 1000).toFixed(3)}|SMR=0.149(SMRDE=0.033|SMRC=0.065(SMRCL=0.037))|CAT=0.625(CATOS=0.102 (CATSM=0.073(CATSM-Malware Agent=0.054))|CATORES=0.22(CATRS=0.178))|SMS=0.594`;
    if (kind < 60) {
      const source_context = `250 2.6.0 ${one.message_id} [InternalId=${this.below(10 ** 9)}, Hostname=${host}] 9000 bytes in 0.526, 100.201 KB/sec Queued mail for delivery;ClientSubmitTime:`;
      rows.push(
        this.row(time, {
          ...out,
          event_id: 'SENDEXTERNAL',
          recipient_status: '250 2.1.5 Recipient OK',
          source_context,
          message_info: info,
        }),
      );
    } else {
      const custom_data = `S:IncludeInSla=True;S:MailboxDatabaseGuid=${this.hex(32)};S:StoreObjectIds=AAAAAN${this.hex(50)}==;S:FromEntity=Internet;S:ToEntity=Hosted`;
      rows.push(
        this.row(time, { ...one, source: 'STOREDRIVER', event_id: 'DELIVER', message_info: info, custom_data }),
      );
    }
  }

  private error(errorType: string): void {
    this.totals.errors[errorType] = (this.totals.errors[errorType] ?? 0) + 1;
  }

  private agentData(): string {
    const rules = Array.from({ length: 4 + this.below(8) }, () => `SFS=${this.below(10 ** 9)}`).join('|');
    return `S:AMA=SUM|v=0|action=|error=|atch=1;S:AMA=EV|engine=M|v=0|sig=1.386.0.0|name=|file=;S:SFA=SUM|SFV=NSPM|IPV=NLI|SRV=|SCL=1|${rules}|LAT=${this.below(800)};S:MimeParts=Att/Emb/MPt:0/3/2;S:CompCost=|ETR=0|SFA=0`;
  }

  private row(at: number, values: Values): string {
    const time = `${iso(at).slice(0, -1)}0000Z`;
    const { totals } = this;
    totals.rows++;
    if (iso(at) < totals.first) totals.first = iso(at);
    if (iso(at) > totals.last) totals.last = iso(at);
    return line({ ...values, date_time_utc: time, tenant_id: TENANT });
  }

  private hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.below(0x10000000).toString(16).padStart(7, '0');
    return text.slice(0, digits).toUpperCase();
  }

  /** A number from 0 to `limit` - 1 (mulberry32, in the public domain). */
  private below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function line(values: Values): string {
  return `"${COLUMNS.map((name) => (values[name] ?? '').replaceAll('"', '""')).join('","')}"\r\n`;
}
