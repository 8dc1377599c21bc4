export namespace kite {
	
	export class NamedDay {
	    date: string;
	    name: string;
	
	    static createFrom(source: any = {}) {
	        return new NamedDay(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.date = source["date"];
	        this.name = source["name"];
	    }
	}
	export class Preferences {
	    theme: string;
	    leadMinutes: number[];
	    tellExpired: boolean;
	    tellEndedElsewhere: boolean;
	    quietHours: boolean;
	    quietFrom: number;
	    quietTo: number;
	    morningReminder: boolean;
	    morningAt: number;
	    loginOrder: string[];
	    leftOut: string[];
	    checkAfterClearing: boolean;
	    holidaysAdded: NamedDay[];
	    holidaysRemoved: string[];
	    specialSessions: NamedDay[];
	    onClose: string;
	    autostartOffered: boolean;
	    historyDays: number;
	    localApi: boolean;
	    localApiPort: number;
	    checkUpdates: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Preferences(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.theme = source["theme"];
	        this.leadMinutes = source["leadMinutes"];
	        this.tellExpired = source["tellExpired"];
	        this.tellEndedElsewhere = source["tellEndedElsewhere"];
	        this.quietHours = source["quietHours"];
	        this.quietFrom = source["quietFrom"];
	        this.quietTo = source["quietTo"];
	        this.morningReminder = source["morningReminder"];
	        this.morningAt = source["morningAt"];
	        this.loginOrder = source["loginOrder"];
	        this.leftOut = source["leftOut"];
	        this.checkAfterClearing = source["checkAfterClearing"];
	        this.holidaysAdded = this.convertValues(source["holidaysAdded"], NamedDay);
	        this.holidaysRemoved = source["holidaysRemoved"];
	        this.specialSessions = this.convertValues(source["specialSessions"], NamedDay);
	        this.onClose = source["onClose"];
	        this.autostartOffered = source["autostartOffered"];
	        this.historyDays = source["historyDays"];
	        this.localApi = source["localApi"];
	        this.localApiPort = source["localApiPort"];
	        this.checkUpdates = source["checkUpdates"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace view {
	
	export class Part {
	    name: string;
	    version: string;
	
	    static createFrom(source: any = {}) {
	        return new Part(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.version = source["version"];
	    }
	}
	export class About {
	    version: string;
	    commit: string;
	    parts: Part[];
	    installed: string;
	    licences: boolean;
	    dataFolder: string;
	    sandboxAvailable: boolean;
	
	    static createFrom(source: any = {}) {
	        return new About(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.version = source["version"];
	        this.commit = source["commit"];
	        this.parts = this.convertValues(source["parts"], Part);
	        this.installed = source["installed"];
	        this.licences = source["licences"];
	        this.dataFolder = source["dataFolder"];
	        this.sandboxAvailable = source["sandboxAvailable"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class AccountInput {
	    accountName: string;
	    clientId: string;
	    phoneNumber: string;
	    apiKey: string;
	    accountType: string;
	    callbackUrl: string;
	    postbackUrl: string;
	    password?: string;
	    apiSecret?: string;
	    sessionLifetimeHours: number;
	    loginUrl: string;
	    apiRoot: string;
	    allowedHosts: string[];
	    slug: string;
	    loginWay: string;
	
	    static createFrom(source: any = {}) {
	        return new AccountInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.accountName = source["accountName"];
	        this.clientId = source["clientId"];
	        this.phoneNumber = source["phoneNumber"];
	        this.apiKey = source["apiKey"];
	        this.accountType = source["accountType"];
	        this.callbackUrl = source["callbackUrl"];
	        this.postbackUrl = source["postbackUrl"];
	        this.password = source["password"];
	        this.apiSecret = source["apiSecret"];
	        this.sessionLifetimeHours = source["sessionLifetimeHours"];
	        this.loginUrl = source["loginUrl"];
	        this.apiRoot = source["apiRoot"];
	        this.allowedHosts = source["allowedHosts"];
	        this.slug = source["slug"];
	        this.loginWay = source["loginWay"];
	    }
	}
	export class Client {
	    id: string;
	    name: string;
	    accountIds: string[];
	    allAccounts: boolean;
	    mayTrade: boolean;
	    createdAt: number;
	    lastUsedAt?: number;
	
	    static createFrom(source: any = {}) {
	        return new Client(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.accountIds = source["accountIds"];
	        this.allAccounts = source["allAccounts"];
	        this.mayTrade = source["mayTrade"];
	        this.createdAt = source["createdAt"];
	        this.lastUsedAt = source["lastUsedAt"];
	    }
	}
	export class AddedClient {
	    client: Client;
	    token: string;
	
	    static createFrom(source: any = {}) {
	        return new AddedClient(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.client = this.convertValues(source["client"], Client);
	        this.token = source["token"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SessionPart {
	    from: number;
	    to: number;
	    endedReason: string;
	
	    static createFrom(source: any = {}) {
	        return new SessionPart(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.from = source["from"];
	        this.to = source["to"];
	        this.endedReason = source["endedReason"];
	    }
	}
	export class CalendarDay {
	    date: string;
	    trades: boolean;
	    note: string;
	    sessions: SessionPart[];
	
	    static createFrom(source: any = {}) {
	        return new CalendarDay(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.date = source["date"];
	        this.trades = source["trades"];
	        this.note = source["note"];
	        this.sessions = this.convertValues(source["sessions"], SessionPart);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Failure {
	    code: string;
	    message: string;
	    hint: string;
	    field: string;
	
	    static createFrom(source: any = {}) {
	        return new Failure(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	        this.field = source["field"];
	    }
	}
	export class Check {
	    at: number;
	    ok: boolean;
	    failure?: Failure;
	
	    static createFrom(source: any = {}) {
	        return new Check(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.at = source["at"];
	        this.ok = source["ok"];
	        this.failure = this.convertValues(source["failure"], Failure);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class CheckSummary {
	    checked: number;
	    alive: number;
	    ended: number;
	    unknown: number;
	
	    static createFrom(source: any = {}) {
	        return new CheckSummary(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.checked = source["checked"];
	        this.alive = source["alive"];
	        this.ended = source["ended"];
	        this.unknown = source["unknown"];
	    }
	}
	
	export class ClientInput {
	    name: string;
	    accountIds: string[];
	    allAccounts: boolean;
	    mayTrade: boolean;
	
	    static createFrom(source: any = {}) {
	        return new ClientInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.accountIds = source["accountIds"];
	        this.allAccounts = source["allAccounts"];
	        this.mayTrade = source["mayTrade"];
	    }
	}
	export class Clock {
	    now: number;
	    zone: string;
	    offsetMinutes: number;
	    inIndia: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Clock(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.now = source["now"];
	        this.zone = source["zone"];
	        this.offsetMinutes = source["offsetMinutes"];
	        this.inIndia = source["inIndia"];
	    }
	}
	export class CommandLine {
	    command: string;
	    path: string;
	    found: boolean;
	
	    static createFrom(source: any = {}) {
	        return new CommandLine(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.command = source["command"];
	        this.path = source["path"];
	        this.found = source["found"];
	    }
	}
	export class Copied {
	    secret: boolean;
	    clearsAt?: number;
	
	    static createFrom(source: any = {}) {
	        return new Copied(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.secret = source["secret"];
	        this.clearsAt = source["clearsAt"];
	    }
	}
	export class Example {
	    id: string;
	    title: string;
	    code: string;
	
	    static createFrom(source: any = {}) {
	        return new Example(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.title = source["title"];
	        this.code = source["code"];
	    }
	}
	export class Credentials {
	    authorizationHeader: string;
	    examples: Example[];
	
	    static createFrom(source: any = {}) {
	        return new Credentials(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.authorizationHeader = source["authorizationHeader"];
	        this.examples = this.convertValues(source["examples"], Example);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class DataProblem {
	    code: string;
	    message: string;
	    hint: string;
	    field: string;
	    kind: string;
	    path: string;
	
	    static createFrom(source: any = {}) {
	        return new DataProblem(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	        this.field = source["field"];
	        this.kind = source["kind"];
	        this.path = source["path"];
	    }
	}
	export class Reminder {
	    at: number;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new Reminder(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.at = source["at"];
	        this.text = source["text"];
	    }
	}
	export class IdleAccount {
	    accountId: string;
	    accountName: string;
	
	    static createFrom(source: any = {}) {
	        return new IdleAccount(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.accountId = source["accountId"];
	        this.accountName = source["accountName"];
	    }
	}
	export class DaySession {
	    accountId: string;
	    accountName: string;
	    from: number;
	    to: number;
	
	    static createFrom(source: any = {}) {
	        return new DaySession(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.accountId = source["accountId"];
	        this.accountName = source["accountName"];
	        this.from = source["from"];
	        this.to = source["to"];
	    }
	}
	export class Span {
	    from: number;
	    to: number;
	
	    static createFrom(source: any = {}) {
	        return new Span(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.from = source["from"];
	        this.to = source["to"];
	    }
	}
	export class DayPicture {
	    from: number;
	    to: number;
	    market: Span[];
	    marketNote: string;
	    sessions: DaySession[];
	    idle: IdleAccount[];
	    reminders: Reminder[];
	
	    static createFrom(source: any = {}) {
	        return new DayPicture(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.from = source["from"];
	        this.to = source["to"];
	        this.market = this.convertValues(source["market"], Span);
	        this.marketNote = source["marketNote"];
	        this.sessions = this.convertValues(source["sessions"], DaySession);
	        this.idle = this.convertValues(source["idle"], IdleAccount);
	        this.reminders = this.convertValues(source["reminders"], Reminder);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class Desktop {
	    watcher: string;
	    agentFailure?: Failure;
	    tray: boolean;
	    notificationFailure?: Failure;
	    untold: string[];
	    autostart: boolean;
	    autostartFailure?: Failure;
	    offerAutostart: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Desktop(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.watcher = source["watcher"];
	        this.agentFailure = this.convertValues(source["agentFailure"], Failure);
	        this.tray = source["tray"];
	        this.notificationFailure = this.convertValues(source["notificationFailure"], Failure);
	        this.untold = source["untold"];
	        this.autostart = source["autostart"];
	        this.autostartFailure = this.convertValues(source["autostartFailure"], Failure);
	        this.offerAutostart = source["offerAutostart"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	export class HistoryEntry {
	    id: number;
	    at: number;
	    accountId: string;
	    accountName: string;
	    clientId: string;
	    kind: string;
	    ok: boolean;
	    detail: string;
	
	    static createFrom(source: any = {}) {
	        return new HistoryEntry(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.at = source["at"];
	        this.accountId = source["accountId"];
	        this.accountName = source["accountName"];
	        this.clientId = source["clientId"];
	        this.kind = source["kind"];
	        this.ok = source["ok"];
	        this.detail = source["detail"];
	    }
	}
	export class HistoryFilter {
	    accountId: string;
	    kind: string;
	    query: string;
	    before: number;
	    limit: number;
	
	    static createFrom(source: any = {}) {
	        return new HistoryFilter(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.accountId = source["accountId"];
	        this.kind = source["kind"];
	        this.query = source["query"];
	        this.before = source["before"];
	        this.limit = source["limit"];
	    }
	}
	
	export class ListPreferences {
	    view: string;
	    sort: string;
	
	    static createFrom(source: any = {}) {
	        return new ListPreferences(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.view = source["view"];
	        this.sort = source["sort"];
	    }
	}
	export class ListedDay {
	    date: string;
	    name: string;
	    shipped: boolean;
	
	    static createFrom(source: any = {}) {
	        return new ListedDay(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.date = source["date"];
	        this.name = source["name"];
	        this.shipped = source["shipped"];
	    }
	}
	export class LoginFailure {
	    code: string;
	    message: string;
	    hint: string;
	    field: string;
	    at: number;
	    canPasteRedirect: boolean;
	    blockedHosts: string[];
	
	    static createFrom(source: any = {}) {
	        return new LoginFailure(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	        this.field = source["field"];
	        this.at = source["at"];
	        this.canPasteRedirect = source["canPasteRedirect"];
	        this.blockedHosts = source["blockedHosts"];
	    }
	}
	export class Session {
	    sessionId: string;
	    accountId: string;
	    userId: string;
	    userName: string;
	    userShortname: string;
	    email: string;
	    userType: string;
	    broker: string;
	    loginTime: number;
	    ttl: number;
	    expiresAt: number;
	    createdAt: number;
	    verifiedAt?: number;
	    status: string;
	    endedReason: string;
	    endedAt?: number;
	    hasAccessToken: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Session(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.sessionId = source["sessionId"];
	        this.accountId = source["accountId"];
	        this.userId = source["userId"];
	        this.userName = source["userName"];
	        this.userShortname = source["userShortname"];
	        this.email = source["email"];
	        this.userType = source["userType"];
	        this.broker = source["broker"];
	        this.loginTime = source["loginTime"];
	        this.ttl = source["ttl"];
	        this.expiresAt = source["expiresAt"];
	        this.createdAt = source["createdAt"];
	        this.verifiedAt = source["verifiedAt"];
	        this.status = source["status"];
	        this.endedReason = source["endedReason"];
	        this.endedAt = source["endedAt"];
	        this.hasAccessToken = source["hasAccessToken"];
	    }
	}
	export class LiveAccount {
	    accountId: string;
	    accountName: string;
	    clientId: string;
	    phoneNumber: string;
	    apiKey: string;
	    accountType: string;
	    callbackUrl: string;
	    postbackUrl: string;
	    hasPassword: boolean;
	    hasApiSecret: boolean;
	    sessionLifetimeHours: number;
	    loginUrl: string;
	    apiRoot: string;
	    allowedHosts: string[];
	    slug: string;
	    loginWay: string;
	    lastLoginAt?: number;
	    createdAt: number;
	    updatedAt: number;
	    hasActiveSession: boolean;
	    // Go type: Session
	    session?: any;
	    badge: string;
	    mayEndAnyMinute: boolean;
	    loginPhase: string;
	    loginIn: string;
	    browserLoginOpen: boolean;
	    loginFailure?: LoginFailure;
	    warnings: string[];
	    lastCheck?: Check;
	
	    static createFrom(source: any = {}) {
	        return new LiveAccount(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.accountId = source["accountId"];
	        this.accountName = source["accountName"];
	        this.clientId = source["clientId"];
	        this.phoneNumber = source["phoneNumber"];
	        this.apiKey = source["apiKey"];
	        this.accountType = source["accountType"];
	        this.callbackUrl = source["callbackUrl"];
	        this.postbackUrl = source["postbackUrl"];
	        this.hasPassword = source["hasPassword"];
	        this.hasApiSecret = source["hasApiSecret"];
	        this.sessionLifetimeHours = source["sessionLifetimeHours"];
	        this.loginUrl = source["loginUrl"];
	        this.apiRoot = source["apiRoot"];
	        this.allowedHosts = source["allowedHosts"];
	        this.slug = source["slug"];
	        this.loginWay = source["loginWay"];
	        this.lastLoginAt = source["lastLoginAt"];
	        this.createdAt = source["createdAt"];
	        this.updatedAt = source["updatedAt"];
	        this.hasActiveSession = source["hasActiveSession"];
	        this.session = this.convertValues(source["session"], null);
	        this.badge = source["badge"];
	        this.mayEndAnyMinute = source["mayEndAnyMinute"];
	        this.loginPhase = source["loginPhase"];
	        this.loginIn = source["loginIn"];
	        this.browserLoginOpen = source["browserLoginOpen"];
	        this.loginFailure = this.convertValues(source["loginFailure"], LoginFailure);
	        this.warnings = source["warnings"];
	        this.lastCheck = this.convertValues(source["lastCheck"], Check);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class LocalAPI {
	    on: boolean;
	    port: number;
	    address: string;
	    failure?: Failure;
	
	    static createFrom(source: any = {}) {
	        return new LocalAPI(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.on = source["on"];
	        this.port = source["port"];
	        this.address = source["address"];
	        this.failure = this.convertValues(source["failure"], Failure);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	export class Profile {
	    userId: string;
	    userName: string;
	    email: string;
	    broker: string;
	    userType: string;
	    exchanges: string[];
	    products: string[];
	
	    static createFrom(source: any = {}) {
	        return new Profile(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.userId = source["userId"];
	        this.userName = source["userName"];
	        this.email = source["email"];
	        this.broker = source["broker"];
	        this.userType = source["userType"];
	        this.exchanges = source["exchanges"];
	        this.products = source["products"];
	    }
	}
	export class Release {
	    version: string;
	    date: string;
	    notes: string[];
	    security: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Release(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.version = source["version"];
	        this.date = source["date"];
	        this.notes = source["notes"];
	        this.security = source["security"];
	    }
	}
	
	export class Step {
	    accountId: string;
	    accountName: string;
	    clientId: string;
	    outcome: string;
	    failure?: Failure;
	
	    static createFrom(source: any = {}) {
	        return new Step(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.accountId = source["accountId"];
	        this.accountName = source["accountName"];
	        this.clientId = source["clientId"];
	        this.outcome = source["outcome"];
	        this.failure = this.convertValues(source["failure"], Failure);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Round {
	    state: string;
	    stopping: boolean;
	    steps: Step[];
	    current: number;
	
	    static createFrom(source: any = {}) {
	        return new Round(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.state = source["state"];
	        this.stopping = source["stopping"];
	        this.steps = this.convertValues(source["steps"], Step);
	        this.current = source["current"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	
	export class TestResult {
	    ok: boolean;
	    at: number;
	    tookMs: number;
	    profile?: Profile;
	    failure?: Failure;
	
	    static createFrom(source: any = {}) {
	        return new TestResult(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.ok = source["ok"];
	        this.at = source["at"];
	        this.tookMs = source["tookMs"];
	        this.profile = this.convertValues(source["profile"], Profile);
	        this.failure = this.convertValues(source["failure"], Failure);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class TradingDays {
	    holidays: ListedDay[];
	    specialSessions: ListedDay[];
	    source: string;
	    missingYears: number[];
	
	    static createFrom(source: any = {}) {
	        return new TradingDays(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.holidays = this.convertValues(source["holidays"], ListedDay);
	        this.specialSessions = this.convertValues(source["specialSessions"], ListedDay);
	        this.source = source["source"];
	        this.missingYears = source["missingYears"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Updates {
	    barrier: string;
	    version: string;
	    result: string;
	    checkedAt?: number;
	    releases: Release[];
	    skipped: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Updates(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.barrier = source["barrier"];
	        this.version = source["version"];
	        this.result = source["result"];
	        this.checkedAt = source["checkedAt"];
	        this.releases = this.convertValues(source["releases"], Release);
	        this.skipped = source["skipped"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Vault {
	    state: string;
	    provider: string;
	    canCreatePassphrase: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Vault(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.state = source["state"];
	        this.provider = source["provider"];
	        this.canCreatePassphrase = source["canCreatePassphrase"];
	    }
	}
	export class WindowRequest {
	    show: string;
	    login: string;
	    loginAll: boolean;
	    preferences: boolean;
	
	    static createFrom(source: any = {}) {
	        return new WindowRequest(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.show = source["show"];
	        this.login = source["login"];
	        this.loginAll = source["loginAll"];
	        this.preferences = source["preferences"];
	    }
	}

}

