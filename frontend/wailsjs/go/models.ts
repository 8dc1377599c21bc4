export namespace view {
	
	export class About {
	    version: string;
	    dataFolder: string;
	    sandboxAvailable: boolean;
	
	    static createFrom(source: any = {}) {
	        return new About(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.version = source["version"];
	        this.dataFolder = source["dataFolder"];
	        this.sandboxAvailable = source["sandboxAvailable"];
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
	    lastLoginAt?: number;
	    createdAt: number;
	    updatedAt: number;
	    hasActiveSession: boolean;
	    // Go type: Session
	    session?: any;
	    badge: string;
	    mayEndAnyMinute: boolean;
	    loginPhase: string;
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
	        this.lastLoginAt = source["lastLoginAt"];
	        this.createdAt = source["createdAt"];
	        this.updatedAt = source["updatedAt"];
	        this.hasActiveSession = source["hasActiveSession"];
	        this.session = this.convertValues(source["session"], null);
	        this.badge = source["badge"];
	        this.mayEndAnyMinute = source["mayEndAnyMinute"];
	        this.loginPhase = source["loginPhase"];
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

}

