// Made by `npm run api` from openapi.json. Do not edit.
export interface paths {
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Staff and service accounts that the caller administers, by login */
        get: operations["list-accounts"];
        put?: never;
        /** Make an account; its first password is shown once */
        post: operations["create-account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change name, unit, roles and whether it may sign in; rights that it loses end at once */
        put: operations["change-account"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The API keys of an account */
        get: operations["list-keys"];
        put?: never;
        /** Make an API key for an account */
        post: operations["create-key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End an API key now */
        delete: operations["revoke-key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a new first password, drop the second factor, unlock, and sign out everywhere */
        post: operations["reset-account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign an account out everywhere */
        post: operations["end-sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/skills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say what somebody is good at: beginnings of duty items' codes (技能组) */
        put: operations["put-skills"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an account that failures have locked try again */
        post: operations["unlock-account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts of the first rating (初次评价预警), the newest first */
        get: operations["list-alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alerts/{id}/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark the alerts of an appeal as seen to, reports of pressure included */
        post: operations["end-alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what the caller may see, newest first or by deadline */
        get: operations["list-appeals"];
        put?: never;
        /**
         * File an appeal (登记诉求)
         * @description A stranger may file; the answer's tracking code opens that one appeal. An agent names the appellant.
         */
        post: operations["file-appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where appeals are: the dots of a map, narrowed as the list is */
        get: operations["list-map-points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/similar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open appeals nearby that say the same: offered as "me too" before one files */
        post: operations["find-similar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One appeal: text, clocks, timeline, and what the caller may do with it now
         * @description A stranger gives the tracking code in `X-Tracking-Code`.
         */
        get: operations["get-appeal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do one action, or several that belong together, all or none
         * @description The actions open to the caller are in the appeal's `allowed`.
         */
        post: operations["act-on-appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/assignee": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an appeal to a person of the unit, or back to the unit */
        post: operations["assign-appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lend a number through which the appellant can be called without being seen */
        post: operations["call-appellant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/carried": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an appeal carry others about the same event (并案); all of a mass event at once */
        post: operations["merge-appeals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/city": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An appeal as the city's order: both deadlines, and what was said in both directions */
        get: operations["get-appeal-city"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/closing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the newest reply was judged (形式办结), with its evidence, and what became of an objection */
        get: operations["get-closing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/dispute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A dispute over who is responsible: evidence, positions, proposals, precedents (快处快裁) */
        get: operations["get-dispute"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/division": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The things that a message asks for (一诉多求): its parts, or as which parts it is proposed to divide it
         * @description It is divided by the action `divide`, whose `spans` are the parts as from-to in characters, with an item if one was chosen: `0-31 120401;32-58`.
         */
        get: operations["get-division"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/dossier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** In which file an appeal is, or which files it is like, with the terms of each score */
        get: operations["get-appeal-dossier"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/duty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** By which version and rule of the duty list an appeal was dispatched */
        get: operations["get-duty-reason"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/elements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an appeal says (诉求要素): title, summary, who, where, when, what, what is wanted; and who corrected what */
        get: operations["get-elements"];
        /**
         * Correct what an appeal says
         * @description Only the kinds that are given change; an empty list says that there is none. A correction stands over every later reading.
         */
        put: operations["correct-elements"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/followers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Join an appeal as one more who reports the same */
        post: operations["join-appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/helper": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What helps to handle an appeal (办件助手): like matters that were solved, its item and law, a draft of a reply */
        get: operations["get-helper"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/helper/polish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a language model better the wording of a draft
         * @description The draft comes back as it was, with the reason, where there is no model, it fails, or it adds anything.
         */
        post: operations["polish-reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/letter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The conclusion letter that went to the appellant, by the appellant; the first reading begins its term */
        post: operations["read-letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/letter/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The conclusion letter that went to the appellant, as a paper, by the appellant */
        get: operations["download-letter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Link an appeal to an earlier one: the same again (重复件), or it happened again (反复件) */
        post: operations["link-appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/links/{other}/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a link back */
        delete: operations["unlink-appeal"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/mentionable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom a note may mention: people and units that may see the appeal */
        get: operations["list-mentionable"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The internal notes (内部备注) of an appeal, oldest first */
        get: operations["list-notes"];
        put?: never;
        /** Write an internal note; who is mentioned (@) is told, and must be able to see the appeal */
        post: operations["add-note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The proof (存证) of an appeal: each event with its sealed record, to be checked without the house */
        get: operations["get-appeal-proof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/related": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an appeal may belong together with, with the terms of each score; what is merged and linked */
        get: operations["list-related"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See who the appellant is, with a reason that they can read */
        post: operations["reveal-appellant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/score-appeals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask that a matter does not count in the unit's assessment (考核申诉) */
        post: operations["contest-score"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo a merge: the appeal stands for itself again, in the state in which it was merged */
        post: operations["split-appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/suggestion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Items and units proposed for an appeal, with reasons */
        get: operations["suggest-dispatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appeals/{id}/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Be told what becomes of an appeal (关注) */
        put: operations["watch-appeal"];
        post?: never;
        /** Be told no more of an appeal */
        delete: operations["unwatch-appeal"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what the district knows (智能问答)
         * @description Answered by sentences of the source, word for word, with the source; or it is said that it is not known, with what may be done. Staff are also told what is for staff, and solved matters that they may see. What is not known is kept, masked and without who asked.
         */
        post: operations["ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ask/examples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Questions for who does not know what to ask */
        get: operations["list-examples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ask/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say whether an answer was of use
         * @description What was of no use becomes work for who owns the source. An answer that was not given is not found.
         */
        post: operations["rate-answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ask/sources/{code}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what is wrong with an entry (纠错)
         * @description Its owner answers in the limit of the district; who says so is not kept.
         */
        post: operations["report-entry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ask/sources/{kind}/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole text of an entry or duty item in force */
        get: operations["read-source"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/asserted/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The categories of a source (分类体系) */
        get: operations["list-asserted-categories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/asserted/late": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a source asserts to have been late, by unit and month */
        get: operations["count-asserted-late"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assessments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Frozen assessments, the newest month first */
        get: operations["list-assessments"];
        put?: never;
        /** Freeze the assessment of a month; again, to correct it, with the difference */
        post: operations["freeze-assessment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assessments/book": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Indicators and schemes of assessment, with their definitions */
        get: operations["get-assessment-book"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assessments/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Points entered by hand, with their reasons */
        get: operations["list-assessment-entries"];
        put?: never;
        /** Enter a deduction or a bonus with its evidence */
        post: operations["add-assessment-entry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assessments/entries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take entered points back */
        delete: operations["undo-assessment-entry"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assessments/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The assessment of a month as of now, not frozen */
        get: operations["preview-assessment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assessments/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a unit stood in the frozen months, the oldest first */
        get: operations["get-assessment-trend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assessments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A frozen assessment, with what it changed of the one before */
        get: operations["get-assessment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assessments/{id}/losses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The matters that cost a unit points: one's own unit, or any for the platform */
        get: operations["list-assessment-losses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The leader's board: figures with their definitions and the way to their rows */
        get: operations["get-board"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who calls, masked, and what they filed before: found by the exact number, and recorded */
        get: operations["find-caller"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/captures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where and when photos were taken
         * @description 拍摄时间地点: what the senders' devices and the pictures' own notes said, beside when the whole file was received. Files of which nothing was said are left out.
         */
        get: operations["file-captures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/city": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the exchange with the city platform (市平台) stands: what waits, what lies dead, codes without a map */
        get: operations["get-city"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/city/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What differs between both sides, and the acts that mend it */
        get: operations["list-city-differences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/city/differences/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mend a difference: take in, resend, take theirs, or ignore with a reason */
        post: operations["mend-city-difference"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/city/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages of the exchange in both directions, masked, the newest first */
        get: operations["list-city-messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/city/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a message again, or take one in again */
        post: operations["retry-city-message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/city/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders of the city's, the newest first */
        get: operations["list-city-orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/city/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reconciliations (对账), the newest first */
        get: operations["list-city-reconciliations"];
        put?: never;
        /** Compare a day with the city's list now */
        post: operations["reconcile-city"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/closing/judgments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Judged replies, the newest first */
        get: operations["list-closing-judgments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/closing/looks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Closed appeals that are to be looked at again (回头看), or that were */
        get: operations["list-second-looks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/closing/looks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Record what a second look found */
        put: operations["find-second-look"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/closing/tuning": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Judged replies by item and signal, objections upheld, and scores for trying other thresholds */
        get: operations["get-closing-tuning"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dispatch/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models that advise dispatch, the newest first, with how each did on appeals that it had not seen */
        get: operations["list-dispatch-models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dispatch/models/{id}/office": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring an earlier model into office again
         * @description The next night may bring a newer one.
         */
        post: operations["roll-back-dispatch-model"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/district": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The district's names, places, words and flows: what screens need before anything else */
        get: operations["get-district"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dossiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Repeat-appeal files (重复诉求档案), the newest first; a unit sees those that it answers for */
        get: operations["list-dossiers"];
        put?: never;
        /** Open a file over appeals about one and the same matter */
        post: operations["open-dossier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dossiers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One file: its appeals, what they cost, what happened, the letter, and what the caller may do */
        get: operations["get-dossier"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dossiers/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add and remove appeals; draft, issue, archive the conclusion letter; record reviews; reopen
         * @description Who drafted a letter does not issue it. Issuing sends it to the appellant of each appeal.
         */
        post: operations["act-on-dossier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dossiers/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The conclusion letter of a file as DOCX, PDF, Markdown or HTML
         * @description Who takes it out, why and in which form is recorded.
         */
        get: operations["download-conclusion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Downloads that were asked for (下载审批): one's own, and those of all for who decides, waiting ones first */
        get: operations["list-downloads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/downloads/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve or refuse somebody else's download
         * @description What is approved may be fetched once within 24 hours by who asked.
         */
        post: operations["decide-download"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Items of the duty list, by words or code */
        get: operations["list-items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a draft of uploaded tables, or put them into a draft
         * @description `items` and `rules` are CSV in any encoding or XLSX with the columns of the download; the one that is not given is taken from the version `from` (default: the one in force). With `draft` and its `hash` that draft gets the content. An answer that refuses names the wrong rows.
         */
        post: operations["upload-duty-version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions of the duty list (职责清单): drafts, what is in force, what was and will be */
        get: operations["list-duty-versions"];
        put?: never;
        /** Make a draft by copying a version */
        post: operations["copy-duty-version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version of the duty list */
        get: operations["get-duty-version"];
        put?: never;
        post?: never;
        /** Remove a draft, or take back a version that is not in force yet */
        delete: operations["drop-duty-version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gaps and overlaps of a version, as of a day */
        get: operations["check-duty-version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is different from another version, field by field */
        get: operations["diff-duty-version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A version as XLSX or CSV: its items or its rules
         * @description What is downloaded can be uploaded again and is the same.
         */
        get: operations["download-duty-version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Items of a version with the rules for each, by words, code or unit */
        get: operations["list-duty-rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions/{id}/items/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put an item and the rules for it alone into a draft; without `item` it is removed */
        put: operations["put-duty-item"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions/{id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a draft in force from a time on */
        post: operations["publish-duty-version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/versions/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a version would have made of past appeals: which would go to another unit
         * @description Nothing is changed. A long past comes in parts: `next` says where to go on.
         */
        get: operations["replay-duty-version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/exports/appeals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take appeals out as CSV, XLSX, GeoJSON or the bulk form of Open311; narrowed as the list is
         * @description Who takes what out, why, by which filter and how much is recorded. An answer that is cut off is no whole export. Above the pack's bound of rows another person must approve it first (下载审批): needs_approval.
         */
        get: operations["export-appeals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/exports/appeals/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask that an export above the bound may leave; narrowed as the export is */
        post: operations["ask-export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What may be asked: grains, their measures and dimensions */
        get: operations["get-figure-catalogue"];
        put?: never;
        /** Ask for figures by a closed grammar; rows of the caller's scope alone */
        post: operations["ask-figures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/figures/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Views that the caller keeps, and those that others share */
        get: operations["list-figure-views"];
        put?: never;
        /** Keep a query under a name */
        post: operations["keep-figure-view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/figures/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a view of one's own */
        delete: operations["drop-figure-view"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/filters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's saved filters */
        get: operations["list-filters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/filters/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keep a filter under a name; an empty query removes it */
        put: operations["put-filter"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graph/neighbours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What lies next to a thing through the appeals that the caller may see (图谱)
         * @description Counted over the newest 3,000 appeals of the node in the days that are asked for.
         */
        get: operations["list-graph-neighbours"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graph/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Enterprises, places, items, units and legal bases by their names; without words, what is spoken of most */
        get: operations["find-graph-nodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Service halls (办事大厅) and how they stand now */
        get: operations["list-halls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A hall as its boards show it: called numbers, windows, who waits for what, the estimate */
        get: operations["get-hall-board"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold a slot for minutes; confirm-ticket books it */
        post: operations["book-slot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A hall's day for its manager: windows, queues, figures with their definitions */
        get: operations["get-hall-day"];
        put?: never;
        /** Open a hall longer, or close it, on one day */
        post: operations["set-hall-day"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/desk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that a clerk at a window, or the reception, needs */
        get: operations["get-window-desk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/estimates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the hall's waiting-time estimates came out: mean absolute error, coverage of the band, by hour */
        get: operations["get-estimate-quality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Arrivals of a day to come each half hour, and what a number of windows makes of them */
        get: operations["get-hall-forecast"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The saving ledger: which enterprise was given what, and what it saved */
        get: operations["list-pack-grants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Call who is next for the caller's window, of any channel that it takes; no ticket where nobody waits */
        post: operations["call-next"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/packs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Start-up packs (企业开办大礼包): contents, stock, what they have saved */
        get: operations["list-packs-of-hall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/packs/{name}/give": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an enterprise its pack, once by its credit code */
        post: operations["give-pack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/packs/{name}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What came into stock, or what a count found */
        post: operations["stock-packs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/refusals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was refused at a hall's windows, the newest first */
        get: operations["list-refusals"];
        put?: never;
        /** Log a "no" (否定答复) that was said at the caller's window */
        post: operations["log-refusal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/skills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which kinds a clerk can serve */
        post: operations["set-hall-skills"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/slots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Times of a day that may be booked for a kind of business */
        get: operations["list-slots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a number: at reception, at the hall's kiosk by its key, or on the phone with what stands on the hall's boards */
        post: operations["take-ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/windows/{n}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close a window */
        post: operations["close-window"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/halls/{code}/windows/{n}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sit at a window and open it */
        post: operations["open-window"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log between shifts (交接班): what is open, what was written */
        get: operations["get-handover"];
        put?: never;
        /** Write into the log, end an open item, or confirm what was read */
        post: operations["write-handover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/help": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Help tasks that the caller may see, the newest first */
        get: operations["list-help"];
        put?: never;
        /** Ask for help (帮办代办) at the hall, at the door or after hours */
        post: operations["ask-help"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/help/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of the Help tasks: its course, its clocks, and what the caller may do */
        get: operations["get-help"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/help/{id}/act": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do one of the actions that the caller may */
        post: operations["act-on-help"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Imports, the newest first, with their progress */
        get: operations["list-imports"];
        put?: never;
        /**
         * Upload a file and import it, or look at what would come of it
         * @description A form of `file` (or `upload`: the identifier that an earlier look answered), `profile` (a name) or `yaml` (a profile itself), and `dry_run=true` to look only. A look without a profile gives the columns and a draft of one.
         */
        post: operations["start-import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/units": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Units that a source spells several ways, proposed for merging */
        get: operations["list-asserted-units"];
        put?: never;
        /** Decide whether spellings are one unit; figures count by it */
        post: operations["decide-asserted-unit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One import and how far it is */
        get: operations["get-import"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop an import; what it brought stays */
        post: operations["cancel-import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/rejects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The refused rows with their lines and reasons, to be corrected and handed in again */
        get: operations["get-import-rejects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Continue an import that was stopped or failed, where it was */
        post: operations["resume-import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/key-scopes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an API key can be for */
        get: operations["list-key-scopes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Entries of the knowledge (知识库), by code
         * @description All that answers, and what does not yet of the caller's units.
         */
        get: operations["list-knowledge"];
        put?: never;
        /** Begin an entry as a draft, or propose one to the unit that would own it */
        post: operations["create-knowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/knowledge/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How asking goes: answered, of use, by what */
        get: operations["get-knowledge-figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/knowledge/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take entries out as CSV or XLSX, narrowed as the list is
         * @description What is taken out can be handed in again. Who takes what out, and why, is recorded.
         */
        get: operations["export-knowledge"];
        put?: never;
        /**
         * Hand in entries by a CSV or XLSX
         * @description A form of `file`. Good rows become drafts, the others are answered with line and reason.
         */
        post: operations["import-knowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/knowledge/standing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many entries and questions stand where */
        get: operations["get-knowledge-standing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/knowledge/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask as if an entry were published: what a writer tries before */
        post: operations["try-knowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/knowledge/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One entry: its text, versions, history, reports, uses, and what the caller may do */
        get: operations["get-knowledge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/knowledge/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write, submit, publish, reject, withdraw, discard or renew an entry, or answer a report
         * @description The actions open to the caller are in the entry's `allowed`. Nobody publishes what they wrote.
         */
        post: operations["act-on-knowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Leads (未诉先办线索), the newest first
         * @description Handlers and receivers see the leads of the place that their unit serves.
         */
        get: operations["list-leads"];
        put?: never;
        /**
         * Tell of a lead
         * @description The same source and external number give the lead that is there already, with `new` false. A key needs the scope `leads`.
         */
        post: operations["add-lead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leads/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What leads came to, by source: hits, days before the first complaint, solved */
        get: operations["get-lead-figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leads/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell of leads by a CSV or XLSX
         * @description A form of `file` and `source`. Good rows are taken, the others answered with line and reason.
         */
        post: operations["upload-leads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One lead: what it says, open appeals that say the same, its history */
        get: operations["get-lead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leads/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify, file, refuse, merge, correct or reopen a lead
         * @description The steps open to the caller are in the lead's `allowed`.
         */
        post: operations["act-on-lead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the caller is */
        get: operations["get-me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own account: how it signs in, and where it is signed in now */
        get: operations["get-my-account"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/delegations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the caller delegated to others, and others to them (委托) */
        get: operations["list-delegations"];
        put?: never;
        /** Let a colleague exercise the caller's roles for a while */
        post: operations["delegate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/delegations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a delegation back, by who gave or took it */
        delete: operations["end-delegation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/looks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who looked at the caller's personal data, when and why */
        get: operations["list-looks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change the own password; it signs out everywhere */
        put: operations["change-password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** New recovery codes; those before are good no more */
        post: operations["renew-recovery-codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Turn the second factor on by a code that proves the secret; in place of one that is on, the password or a code of that is needed too */
        put: operations["confirm-second-factor"];
        /** Make the secret of a second factor (TOTP, RFC 6238); it holds once confirmed */
        post: operations["begin-second-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/second-factor/off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn the own second factor off */
        post: operations["drop-second-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/sign-out-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign the own account out elsewhere: everywhere else, or in one place */
        post: operations["end-other-sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's visits, the newest first */
        get: operations["list-own-tickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/meeting-tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tasks of meetings: those of the caller's units, or all for who manages meetings
         * @description Open ones by their day, so that late ones come first; ended ones the newest first.
         */
        get: operations["list-meeting-tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/meeting-tasks/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report on a task, end it, drop it, move its day, or open it again
         * @description The steps open to the caller are in the task's `allowed`.
         */
        post: operations["act-on-meeting-task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/meetings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Meetings (日调度、周盘点、月分析), the newest first */
        get: operations["list-meetings"];
        put?: never;
        /**
         * Make the pack of a meeting of today
         * @description Of one kind and day there is one: who asks again gets it.
         */
        post: operations["make-meeting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/meetings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One meeting with its pack: reports, figures, tasks that return, minutes */
        get: operations["get-meeting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/meetings/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A meeting's pack as DOCX, PDF, Markdown or HTML
         * @description Who takes it out, why and in which form is recorded.
         */
        get: operations["download-meeting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/meetings/{id}/minutes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add to what is written of a meeting (会议记录); it is masked and never changed */
        post: operations["write-meeting-minute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/meetings/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a unit a task; it returns at the next meeting of the kind until it is done */
        post: operations["give-meeting-task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's notices, newest first */
        get: operations["list-notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark the notices up to one as read */
        post: operations["read-notices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pack/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Find what would be wrong with the pack as a whole if a file were as given; nothing is kept */
        post: operations["check-pack-file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pack/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One file of the pack, as text */
        get: operations["get-pack-file"];
        /** Edit a file of the pack; what is wrong with the pack as a whole is said, and nothing is kept */
        put: operations["put-pack-file"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pack/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of the district's pack */
        get: operations["list-pack-files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pack/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The forms that a file of the pack had, newest first */
        get: operations["list-pack-versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pack/versions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One form that a file of the pack had, as text */
        get: operations["get-pack-version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Import profiles (导入方案): those that the program carries, and those made here */
        get: operations["list-profiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One import profile as YAML */
        get: operations["get-profile"];
        /** Keep an import profile that was made here */
        put: operations["put-profile"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A month in figures for everybody, small counts left out */
        get: operations["get-public-board"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How good the data of each channel (分平台) was in a day or a month: completeness, timeliness, stability */
        get: operations["get-quality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quality/book": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The indicators of data quality and their scheme, with their definitions */
        get: operations["get-quality-book"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quality/losses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows that cost a channel points, the dearest first */
        get: operations["list-quality-losses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quality/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a channel stood in the days or months that were kept, the oldest first */
        get: operations["get-quality-trend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was asked and not known, or of no use: like ones together, the most asked first
         * @description A unit's people see what was given to their unit.
         */
        get: operations["list-questions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One question: in which ways it was put, its history */
        get: operations["get-question"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questions/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a question to a unit, begin the entry that answers it, return, dismiss or reopen it
         * @description The actions open to the caller are in the question's `allowed`. A question is answered by itself when an entry that was published answers it.
         */
        post: operations["act-on-question"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits at the caller's desks, the nearest deadline first */
        get: operations["list-queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/ages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open appeals by state and age, for the wall of the command centre */
        get: operations["get-queue-ages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/refusals/{id}/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say whether a refusal was right */
        post: operations["look-at-refusal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reports, the newest period first
         * @description Those that are not issued are seen by supervisors and leaders of the district alone.
         */
        get: operations["list-reports"];
        put?: never;
        /** Make a report of a period that is over, and freeze it as a draft */
        post: operations["make-report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of reports (日报、周报、月报、年报、专报) and meetings of the district */
        get: operations["list-report-kinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One report: its parts as data, each figure with its query, window, data version and rows, its history */
        get: operations["get-report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Review, return, issue, archive, discard or withdraw a report
         * @description Issuing gives it the next number of its kind and year. The steps open to the caller are in the report's `allowed`.
         */
        post: operations["act-on-report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{id}/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The figures of a report, in the order in which it says them */
        get: operations["list-report-figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{id}/figures/{n}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The appeals behind a figure, the newest first: as they are now, and of the caller's scope alone */
        get: operations["list-report-figure-rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A report as DOCX, PDF, Markdown or HTML
         * @description Who takes it out, why and in which form is recorded.
         */
        get: operations["download-report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long records are kept (保存期限), what is due now, lists and holds
         * @description A dry run: nothing is listed or destroyed by it.
         */
        get: operations["get-retention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retention/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold a matter (保全): nothing of it is destroyed */
        post: operations["put-hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retention/holds/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a hold */
        post: operations["release-hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retention/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the lists of what is due now, as every night does */
        post: operations["list-retention-due"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retention/lists/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a list, which destroys what is on it, or refuse it
         * @description It cannot be undone. What is held by then is kept.
         */
        post: operations["decide-retention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The roles that may be given */
        get: operations["list-roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is on duty or away in a window, of a unit and what lies below it */
        get: operations["get-roster"];
        put?: never;
        /** Put somebody on duty, or on leave; anybody may go on leave themselves */
        post: operations["put-shift"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a shift out of the roster */
        delete: operations["drop-shift"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rulings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rulings, the newest first */
        get: operations["list-rulings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rulings/{id}/rule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write a ruling into a draft of the duty list as a rule */
        post: operations["write-ruling-rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's applications that are not sent yet */
        get: operations["list-applications"];
        put?: never;
        /** Begin an application (申请); a clerk names who stands at the counter and that they agree (辅助申报) */
        post: operations["begin-application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/applications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One application: its form, what is filled in, the exact list of materials */
        get: operations["get-application"];
        /** Save an application, gaps and all, to go on with later */
        put: operations["save-application"];
        post?: never;
        /** Drop an application that is not sent */
        delete: operations["discard-application"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/applications/{id}/autofill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fill in what the district knows already (秒报), with the applicant's consent */
        post: operations["autofill-application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/applications/{id}/sending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an application: a case opens, and where its item is approved instantly (秒批) it is decided at once
         * @description `person` asks that a person decides (个人信息保护法第二十四条).
         */
        post: operations["send-application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases (办件) that the caller may see, the newest first, or what waits at their desks */
        get: operations["list-cases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One case: form, materials, clocks, documents, timeline, and what the caller may do with it now */
        get: operations["get-case"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/cases/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do an action with a case; those open to the caller are in its `allowed` */
        post: operations["act-on-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/cases/{id}/materials/{material}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Bring a material that a notice asked for (补正), or that is owed (容缺) */
        put: operations["send-case-material"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/cases/{id}/papers/{paper}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document (文书) of a case, as PDF */
        get: operations["get-case-paper"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/cases/{id}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See who the applicant is and what they said, with a reason that they can read */
        post: operations["reveal-applicant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decided/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One decision with its whole trace, personal facts masked */
        get: operations["get-decided"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decided/{id}/explanation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A decision on oneself with all its reasons (个人信息保护法第二十四条) */
        get: operations["explain-decided"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decided/{id}/person": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask that a person decide what a pack decided on oneself (转人工, 个人信息保护法第二十四条第三款) */
        post: operations["ask-for-person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decided/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a decision again and compare the bytes; under another version, what would have happened */
        post: operations["replay-decided"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decided/{id}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See the personal facts of a decision, with a reason that the person can read */
        post: operations["reveal-decided"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Decision packs (秒批规则): how each is used, and what it did today */
        get: operations["list-decision-packs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The registers that packs ask for facts, and which keep failing */
        get: operations["list-fact-sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One pack: its versions, who did which step, how it is and was used, what its shadow found */
        get: operations["get-decision-pack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a text and its cases as the gate of publication does; nothing is kept */
        post: operations["try-decision-text"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/decided": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Decisions of a pack, the newest first */
        get: operations["list-decided"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a pack did in a time: automatic share, reasons, overturned approvals, fairness; of real applications alone */
        get: operations["get-decision-figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/mode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Use a pack in another way: off, shadow, canary, on; with a cap; the kill switch
         * @description The publisher's, but for the kill switch, which anybody who answers for the rule may pull.
         */
        put: operations["put-decision-mode"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/scans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Searches for those who meet a pack's conditions without having applied (免申即享) */
        get: operations["list-benefit-scans"];
        put?: never;
        /** Search for them; it runs beside */
        post: operations["begin-benefit-scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Judge facts that were entered by hand, by a version or by a text that is not kept; nothing is kept */
        post: operations["try-decision"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a version of a pack, or a new pack; one at a time is on its way */
        post: operations["draft-decision-version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/versions/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version: its text, its cases, and what it says */
        get: operations["get-decision-version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/versions/{n}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write, review, clear, publish, return or retire a version
         * @description Author, reviewer, legal reviewer and publisher are four people. Review and publication need the gate to be passed: rule_not_ready.
         */
        post: operations["act-on-decision-version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/decisions/{name}/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What another version would have come to over the kept decisions of a time
         * @description At most 5,000 decisions, the newest first.
         */
        post: operations["what-if-decided"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/ended-licences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of licences since a moment (撤销清单): identifiers alone */
        get: operations["list-ended-licences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Service items (政务服务事项) that are published: by words the best first, else by key */
        get: operations["list-service-items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One service item: its elements, what the standardisation checks find, the days saved */
        get: operations["get-service-item"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/licences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's licences (证照) */
        get: operations["list-licences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/licences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of the caller's licences, with all that stands on it */
        get: operations["get-licence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/licences/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Suspend a licence, or let it be used again */
        post: operations["act-on-licence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the caller is offered without having applied */
        get: operations["list-my-offers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/offers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm an offer, decline it, or want no more of them */
        post: operations["answer-offer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a case is, by its number and code */
        get: operations["track-case"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/standing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the published items stand: online share, days saved, scores by department, each with its numerator and denominator */
        get: operations["get-services-standing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/verify/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a licence is genuine and valid, by the code on it or by its identifier (证照标识) */
        get: operations["verify-licence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which ways to sign in there are */
        get: operations["get-sign-in"];
        put?: never;
        /** Sign in by name and password, and the code of the second factor where there is one */
        post: operations["sign-in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a one-time code to a citizen's phone */
        post: operations["send-code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign a citizen in by the code sent to the phone */
        post: operations["sign-in-by-code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session */
        post: operations["sign-out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stuck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Stuck cases that the caller may see, the newest first */
        get: operations["list-stuck"];
        put?: never;
        /** Report what could not be got done at a window. What is out of scope is no case: the answer says where to go */
        post: operations["report-stuck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stuck-months/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A month's root causes, scopes and refusals */
        get: operations["get-stuck-month"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stuck/words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the stuck-case window (办不成事) takes, where one goes for the rest, and the root causes */
        get: operations["get-stuck-words"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stuck/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of the Stuck cases: its course, its clocks, and what the caller may do */
        get: operations["get-stuck"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stuck/{id}/act": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do one of the actions that the caller may */
        post: operations["act-on-stuck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sub-matters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Supervision orders, appointments, calls, objections, revisions, co-tasks: what hangs on appeals, the newest first */
        get: operations["list-sub-matters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One visit, for its person, who holds its paper, or who works in the hall */
        get: operations["get-ticket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tickets/{id}/act": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a clerk at a window, or the reception, does with a visit */
        post: operations["act-on-ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tickets/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that happened to a visit */
        get: operations["get-ticket-history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tickets/{id}/own": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What its person does with a visit: confirm, check in, come back to the queue, cancel */
        post: operations["act-on-own-ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What many people say about one thing, the hottest first
         * @description A unit sees the topics that it answers for.
         */
        get: operations["list-topics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/topics/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alarms about topics, the newest first */
        get: operations["list-topic-alarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/topics/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One topic: heat by its terms, members and why, history, plan, before and after */
        get: operations["get-topic"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/topics/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Name an owner, edit the plan, close; put members in or out, merge, split
         * @description The steps open to the caller are in the topic's `allowed`. What is put in or out by hand stays so when messages are grouped anew.
         */
        post: operations["act-on-topic"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/track/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find an appeal by its tracking code */
        get: operations["track-appeal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/units/{unit}/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who works for a unit: for assigning */
        get: operations["list-unit-staff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptPoint: {
            id: string;
            say: {
                [key: string]: string;
            };
        };
        AccountForm: {
            disabled?: boolean;
            /** @description Of a new account */
            login?: string;
            name: string;
            roles: components["schemas"]["Grant"][] | null;
            /** @description A program of another bureau: it has keys and no password */
            service?: boolean;
            unit: string;
        };
        "Act-on-caseRequest": {
            action: string;
            form?: {
                [key: string]: unknown;
            };
            /**
             * Format: int64
             * @description What the caller saw; another's action since then is a conflict
             */
            version: number;
        };
        "Act-on-decision-versionRequest": {
            /** @description write */
            body?: string;
            /** @description write */
            cases?: string;
            reason?: string;
            /**
             * Format: int64
             * @description Of the version as the caller saw it
             */
            seq: number;
            /** @enum {string} */
            step: "write" | "review" | "clear" | "publish" | "return" | "retire";
        };
        "Act-on-licenceRequest": {
            /** @enum {string} */
            action: "suspend" | "resume";
            reason: string;
            /** Format: int64 */
            version: number;
        };
        "Act-on-meeting-taskRequest": {
            /** @enum {string} */
            action: "report" | "done" | "drop" | "move" | "reopen";
            /** @description report: the unit is done with it */
            finished?: boolean;
            /** @description What was done, or why; done alone goes without */
            note?: string;
            /** @description move: local day, included */
            until?: string;
            /**
             * Format: int64
             * @description Of the task as the caller saw it
             */
            version: number;
        };
        "Act-on-own-ticketRequest": {
            /** @enum {string} */
            action: "confirm" | "check_in" | "rejoin" | "come_back" | "cancel";
            key?: string;
            /** @description Key of the hall's kiosk, in place of presence */
            kiosk?: string;
            /** @description What stands on the hall's boards today */
            presence?: string;
            /** Format: int64 */
            version?: number;
        };
        "Act-on-reportRequest": {
            /** @enum {string} */
            action: "review" | "discard" | "return" | "issue" | "archive" | "withdraw";
            /** @description Why; discard, return and withdraw need it */
            note?: string;
        };
        "Act-on-ticketRequest": {
            /** @enum {string} */
            action: "call" | "recall" | "miss" | "start" | "park" | "pend" | "transfer" | "next" | "finish" | "rejoin" | "come_back" | "favour" | "cancel" | "check_in" | "confirm";
            /** @description check_in, rejoin on the phone: what stands on the hall's boards */
            at?: string;
            /** @description favour: the class of priority, none takes it away */
            class?: string;
            /** @description transfer: to this kind */
            kind?: string;
            /** @description pend: what is wanting */
            reason?: string;
            /** Format: int64 */
            version?: number;
            /** @description transfer: to this window alone */
            window?: string;
        };
        ActInputBody: {
            steps: components["schemas"]["Step"][] | null;
            /**
             * Format: int64
             * @description What the caller saw; another's action since then is a conflict
             */
            version?: number;
        };
        Action: {
            by: string[] | null;
            emphasis?: string;
            form: components["schemas"]["Field"][] | null;
            from: string[] | null;
            name: string;
            public?: boolean;
            title: {
                [key: string]: string;
            };
            to: string;
        };
        "Add-assessment-entryRequest": {
            extra: string;
            files?: string[] | null;
            month: string;
            /** Format: double */
            points: number;
            reason: string;
            scheme: string;
            unit: string;
        };
        Alert: {
            appeal: string;
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            due_at?: string;
            /** Format: date-time */
            ended_at?: string;
            no: string;
            /** @description remedied, lapsed, redone, justified, closed, seen */
            outcome?: string;
            ratings: components["schemas"]["Rating"][] | null;
            /** @description dissatisfied, unsolved, no_contact, pressure */
            reasons: string[] | null;
            state: string;
            title: string;
            unit: string;
        };
        Answer: {
            clause?: components["schemas"]["Evidence"];
            demand: components["schemas"]["Evidence"];
        };
        "Answer-offerRequest": {
            /** @enum {string} */
            answer: "confirm" | "decline" | "opt_out" | "opt_out_all";
        };
        Appeal: {
            about?: string;
            address?: string;
            /** Format: date-time */
            asserted_due?: string;
            asserted_late?: boolean;
            asserted_unit?: string;
            channel: string;
            community?: string;
            contacted?: boolean;
            /** Format: date-time */
            contacted_at?: string;
            /** Format: date-time */
            dispatched_at?: string;
            external?: string;
            kind: string;
            /** Format: double */
            lat?: number;
            /** Format: double */
            lon?: number;
            mode?: string;
            /** Format: date-time */
            rated_at?: string;
            /** Format: date-time */
            replied_at?: string;
            reply?: string;
            result?: string;
            /** Format: int64 */
            score_manner?: number;
            /** Format: int64 */
            score_result?: number;
            /** Format: int64 */
            score_speed?: number;
            secrecy: string;
            solved?: string;
            source?: string;
            street?: string;
            synthetic?: boolean;
            text: string;
            urgent_words?: string;
        };
        AppealCity: {
            messages: components["schemas"]["CityLetter"][] | null;
            /** @description Absent: the appeal is none of the city's */
            order?: components["schemas"]["CityOrder"];
        };
        Application: {
            /** @description Masked: who it is for, where a clerk fills it in */
            applicant?: string;
            assisted_by?: string;
            case?: string;
            channel: string;
            /** @description The applicant is not eligible, and why */
            exit?: {
                [key: string]: string;
            };
            /** @description By material */
            files: {
                [key: string]: string[] | null;
            };
            /** @description Whom autofill asks: said before the applicant agrees */
            fill_from: string[] | null;
            handling: components["schemas"]["Handling"];
            id: string;
            item: string;
            item_name: string;
            /** Format: int64 */
            item_version: number;
            /** Format: date-time */
            kept_until: string;
            legal?: components["schemas"]["ItemDays"];
            /** @description The exact list of materials, as far as it is known */
            needed: components["schemas"]["NeededMaterial"][] | null;
            promise_days?: components["schemas"]["ItemDays"];
            /** @description The commitment was made (告知承诺) */
            promised: boolean;
            situation: {
                [key: string]: unknown;
            };
            /** @description Whence an answer was filled in (秒报) */
            sources: {
                [key: string]: components["schemas"]["FillSource"];
            };
            /** @enum {string} */
            state: "draft" | "sent" | "discarded";
            /** Format: date-time */
            updated_at: string;
            values: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            version: number;
            /** @description By question: what is wrong so far; gaps are not */
            wrong?: {
                [key: string]: string;
            };
        };
        ApplicationDraft: {
            files?: {
                [key: string]: string[] | null;
            };
            promised?: boolean;
            situation?: {
                [key: string]: unknown;
            };
            values?: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            version: number;
        };
        ApplicationHead: {
            id: string;
            item: string;
            item_name: string;
            /** Format: date-time */
            updated_at: string;
        };
        Appointment: {
            /** Format: date-time */
            from: string;
            /** @enum {string} */
            how: "visit" | "office" | "phone";
            /**
             * Format: int64
             * @description How often it was moved
             */
            moved?: number;
            /** Format: int64 */
            n: number;
            /**
             * @description Kept, who did not come, or cancelled; absent while it is to come
             * @enum {string}
             */
            outcome?: "kept" | "citizen" | "unit" | "cancelled";
            purpose: string;
            /** Format: date-time */
            until: string;
            where?: string;
        };
        Area: {
            at: number[] | null;
            name: string;
            rings: ((number[] | null)[] | null)[] | null;
            /** Format: double */
            value: number | null;
        };
        Article: {
            /** @description Actions open to the caller */
            allowed: string[] | null;
            body: string;
            category?: string;
            /** Format: date-time */
            changed_at: string;
            code: string;
            id: string;
            /** @description For staff alone */
            internal?: boolean;
            keywords?: string[] | null;
            legal_basis?: string;
            /**
             * Format: int64
             * @description Version that answers; 0: none
             */
            live: number;
            /** Format: date-time */
            published_at?: string;
            /**
             * Format: int64
             * @description Open reports that it is wrong
             */
            reports: number;
            /**
             * Format: date-time
             * @description When it is to be looked through again
             */
            review_due?: string;
            /**
             * Format: int64
             * @description Of the article as it is read: an action gives it back
             */
            seq: number;
            /** @enum {string} */
            state: "draft" | "review" | "published" | "withdrawn" | "expired";
            title: string;
            /** @description The unit that owns it */
            unit: string;
            unit_name: string;
            /** Format: date-time */
            valid_from?: string;
            /**
             * Format: date-time
             * @description The first moment at which it is no longer in force; absent: none
             */
            valid_to?: string;
            /**
             * Format: int64
             * @description Of the newest text
             */
            version: number;
        };
        "Ask-for-personRequest": {
            reason?: string;
        };
        AskDay: {
            /** Format: int64 */
            asked: number;
            day: string;
            /** Format: int64 */
            known: number;
        };
        AskFigures: {
            /**
             * Format: int64
             * @description Questions that were put: answered and not known
             */
            asked: number;
            by_day: components["schemas"]["AskDay"][] | null;
            /** Format: int64 */
            days: number;
            /** @description What answered most, the most first */
            entries: components["schemas"]["SourceUse"][] | null;
            /**
             * Format: int64
             * @description Of these, answered
             */
            known: number;
            /**
             * Format: int64
             * @description Entries in force that answered nobody
             */
            unused: number;
            /**
             * Format: int64
             * @description Answers that a reader called of use
             */
            useful: number;
            /**
             * Format: int64
             * @description Answers that a reader called of no use
             */
            useless: number;
        };
        AskInputBody: {
            /** @description Why; whoever decides reads it. Needed where approval is */
            reason: string;
        };
        AskRequest: {
            question: string;
            /** @description It is still being written: nothing of it is kept */
            typing?: boolean;
        };
        AssertedCategory: {
            l1: string;
            l2?: string;
            l3?: string;
        };
        AssertedUnit: {
            /**
             * Format: int64
             * @description Appeals that it is said to have handled
             */
            count: number;
            /**
             * @description What was decided before
             * @enum {string}
             */
            decided?: "accepted" | "rejected";
            name: string;
            /**
             * Format: double
             * @description How sure that it is the same as the group's first, from 0 to 1
             */
            score?: number;
            /**
             * @description same: but for signs and prefixes; owner: its street is named or not; abbreviation; alike: most characters
             * @enum {string}
             */
            why?: "same" | "owner" | "abbreviation" | "alike";
        };
        AssessBook: {
            indicators: components["schemas"]["Indicator"][] | null;
            schemes: components["schemas"]["Scheme"][] | null;
        };
        AssessChange: {
            /** Format: double */
            points: number;
            /** Format: double */
            points_before: number;
            /** Format: int64 */
            rank: number;
            /** Format: int64 */
            rank_before: number;
            unit: string;
        };
        AssessEntry: {
            /** Format: date-time */
            at: string;
            extra: string;
            files: string[] | null;
            id: string;
            /** Format: double */
            points: number;
            reason: string;
            unit: string;
        };
        AssessPoint: {
            month: string;
            /** Format: double */
            points: number;
            /** Format: int64 */
            rank: number;
            /** Format: double */
            rate: number;
        };
        AssessTerm: {
            /** Format: date-time */
            at: string;
            id: string;
            month: string;
            parent?: string;
            scheme: string;
        };
        Assessment: {
            /** Format: date-time */
            at: string;
            /** @description What is different from the one before */
            changes?: components["schemas"]["AssessChange"][] | null;
            /** @description Of the definitions and the results */
            hash?: string;
            /** @description Absent of a preview */
            id?: string;
            /** @description 2026-10 */
            month: string;
            /** @description The one that it corrects */
            parent?: string;
            results: components["schemas"]["Result"][] | null;
            scheme: string;
        };
        "Assign-appealRequest": {
            /** @description An account of the unit; empty gives it back to the unit */
            to: string;
            /** Format: int64 */
            version?: number;
        };
        "Autofill-applicationRequest": {
            /** @description The applicant agrees that the sources named are asked */
            consent: boolean;
            /** Format: int64 */
            version: number;
        };
        Batch: {
            actor?: string;
            /** Format: date-time */
            at: string;
            by?: string;
            /** Format: date-time */
            cutoff: string;
            /** Format: int64 */
            destroyed: number;
            /** Format: date-time */
            ended_at?: string;
            id: string;
            /**
             * Format: int64
             * @description Held, or not due any more, when their turn came
             */
            kept: number;
            kind: string;
            /** Format: int64 */
            n: number;
            reason?: string;
            /** @enum {string} */
            state: "proposed" | "running" | "done" | "refused";
        };
        "Begin-benefit-scanRequest": {
            reason: string;
        };
        BenefitOffer: {
            /** Format: date-time */
            answered_at?: string;
            application?: string;
            /** Format: date-time */
            at: string;
            grant?: {
                [key: string]: unknown;
            };
            id: string;
            item: string;
            name?: {
                [key: string]: string;
            };
            /** @description Facts that the applicant still has to say */
            needs: string[] | null;
            pack: string;
            /** @enum {string} */
            state: "offered" | "confirmed" | "declined" | "expired";
        };
        BenefitScan: {
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            ended_at?: string;
            failed?: string;
            /**
             * Format: int64
             * @description Were offered it already, have it, or want no offers
             */
            had: number;
            id: string;
            /** Format: int64 */
            offered: number;
            pack: string;
            reason: string;
            /** @description Why the others were not offered it, counted without whom */
            reasons: components["schemas"]["DecisionReason"][] | null;
            /** Format: int64 */
            seen: number;
            source: string;
            /** Format: int64 */
            version: number;
        };
        Board: {
            /** Format: date-time */
            at: string;
            by_item: components["schemas"]["ItemCount"][] | null;
            by_street: components["schemas"]["PlaceCount"][] | null;
            by_unit: components["schemas"]["UnitCount"][] | null;
            /** @description The local day that "today" means */
            day: string;
            figures: components["schemas"]["Figure"][] | null;
            /** @description Longitude, latitude (WGS-84), weight: where appeals of the last 30 days are */
            heat: (number[] | null)[] | null;
            states: components["schemas"]["StateCount"][] | null;
            trend: components["schemas"]["DayCount"][] | null;
        };
        BoardCall: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            calls: number;
            /** @description Masked */
            name?: string;
            no: string;
            state: string;
            ticket: string;
            window: string;
        };
        BoardKind: {
            area: string;
            book: boolean;
            code: string;
            /** @description For who would come now; absent where no window serves it */
            estimate?: components["schemas"]["Estimate"];
            /**
             * Format: int64
             * @description Of who waits now
             */
            longest_seconds: number;
            name: {
                [key: string]: string;
            };
            /** Format: int64 */
            waiting: number;
            /**
             * Format: int64
             * @description Open ones that serve it
             */
            windows: number;
        };
        BoardWindow: {
            area: string;
            code: string;
            name: {
                [key: string]: string;
            };
            /** @description Who is there, or called to it */
            no?: string;
            open: boolean;
            sort: string;
        };
        "BodyStruct { Merged int \"json:\\\"merged\\\"\" }Body": {
            /** Format: int64 */
            merged: number;
        };
        CalledNext: {
            /** @description Absent where nobody waits for this window */
            ticket?: components["schemas"]["Ticket"];
        };
        Caller: {
            appeals: components["schemas"]["Row"][] | null;
            known: boolean;
            name?: string;
            phone?: string;
        };
        Candidate: {
            co_units?: string[] | null;
            fallback?: string;
            item?: string;
            item_name?: string;
            /**
             * Format: double
             * @description How sure that it is this unit, from 0 to 1; calibrated where a model gave it
             */
            p: number;
            unit: string;
            unit_name: string;
            why: components["schemas"]["Reason"][] | null;
        };
        Capture: {
            /**
             * Format: double
             * @description Metres
             */
            accuracy?: number;
            /** Format: double */
            exif_lat?: number;
            /** Format: double */
            exif_lon?: number;
            /** Format: date-time */
            exif_taken?: string;
            file: string;
            /** Format: double */
            lat?: number;
            /** Format: double */
            lon?: number;
            /** Format: date-time */
            received: string;
            /** @enum {string} */
            stage?: "before" | "after";
            /** Format: date-time */
            taken?: string;
        };
        CaseApplicant: {
            name: string;
            phone: string;
            /** @description The caller may see more, with a reason */
            reveal: boolean;
        };
        CaseBill: {
            /**
             * Format: int64
             * @description Fen
             */
            amount: number;
            /** Format: date-time */
            at: string;
            basis: string;
            id: string;
            name: {
                [key: string]: string;
            };
            /** @enum {string} */
            state: "due" | "paid" | "waived" | "refunded";
        };
        CaseDetail: {
            /**
             * Format: date-time
             * @description From which acceptance counts
             */
            accepted_at?: string;
            allowed: components["schemas"]["Action"][] | null;
            applicant?: components["schemas"]["CaseApplicant"];
            /** @description Decided by a decision pack alone (秒批) */
            automatic: boolean;
            bills?: components["schemas"]["CaseBill"][] | null;
            channel: string;
            /** @description The applicant sees those that the law gives them */
            clocks: components["schemas"]["Clock"][] | null;
            /** Format: date-time */
            closed_at?: string;
            /** Format: date-time */
            decided_at?: string;
            /** @description Of the decision pack, explained */
            decision?: components["schemas"]["Decision"];
            decision_id?: string;
            /** @description Accepted because nobody said otherwise in time (逾期视为受理) */
            deemed: boolean;
            /** Format: date-time */
            due_at?: string;
            /**
             * Format: int64
             * @description External state (办件状态), 1..16
             */
            ext: number;
            /** @enum {string} */
            flow: "case" | "opinion";
            handling: components["schemas"]["Handling"];
            id: string;
            item: string;
            /** Format: int64 */
            item_version: number;
            late: boolean;
            licence?: components["schemas"]["Licence"];
            materials: components["schemas"]["CaseMaterial"][] | null;
            /**
             * Format: int64
             * @description For the next action
             */
            matter_version: number;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at: string;
            opinions?: components["schemas"]["CaseOpinion"][] | null;
            papers: components["schemas"]["Paper"][] | null;
            parent?: string;
            /** @description Of an opinion: what is asked */
            question?: string;
            situation?: {
                [key: string]: unknown;
            };
            sources?: {
                [key: string]: components["schemas"]["FillSource"];
            };
            state: string;
            state_name: {
                [key: string]: string;
            };
            /** @description External states that it went through */
            steps: components["schemas"]["CaseStep"][] | null;
            timeline: components["schemas"]["CaseMoment"][] | null;
            title: string;
            unit: string;
            /** @description What the form says; personal answers are masked, but to the applicant */
            values?: {
                [key: string]: unknown;
            };
        };
        CaseHead: {
            /** @description Decided by a decision pack alone (秒批) */
            automatic: boolean;
            channel: string;
            /** Format: date-time */
            closed_at?: string;
            /** Format: date-time */
            due_at?: string;
            /**
             * Format: int64
             * @description External state (办件状态), 1..16
             */
            ext: number;
            /** @enum {string} */
            flow: "case" | "opinion";
            id: string;
            late: boolean;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at: string;
            parent?: string;
            state: string;
            state_name: {
                [key: string]: string;
            };
            title: string;
            unit: string;
        };
        CaseMaterial: {
            /** @description What it must show (受理标准) */
            accept?: {
                [key: string]: string;
            };
            /** Format: date-time */
            at: string;
            files: string[] | null;
            id: string;
            law?: string;
            /** @description Of source licence: its type */
            licence?: string;
            /**
             * Format: int64
             * @description Files: 5 when absent
             */
            most?: number;
            name: {
                [key: string]: string;
            };
            /** @description The original is looked at */
            original?: boolean;
            /** @description A written commitment may stand for it (告知承诺) */
            promise?: boolean;
            /** @description The caller may bring it now */
            send: boolean;
            /**
             * @description Brought by the applicant, fetched as an e-certificate (电子证照), fetched from another department, made here of the form
             * @enum {string}
             */
            source: "applicant" | "licence" | "shared" | "made";
            /** @enum {string} */
            state: "got" | "fetched" | "made" | "promised" | "owed" | "missing";
            /** @description May be brought later (容缺) */
            tolerate?: boolean;
            /** @description Condition over situation and form; always when empty */
            when?: string;
        };
        CaseMoment: {
            action: string;
            /** @description Absent to the applicant */
            actor?: string;
            /** Format: date-time */
            at: string;
            form?: {
                [key: string]: unknown;
            };
            mark?: components["schemas"]["Mark"];
            /** Format: int64 */
            seq: number;
            title: {
                [key: string]: string;
            };
            unit?: string;
        };
        CaseOpinion: {
            asked: string;
            /** Format: date-time */
            closed_at?: string;
            /** Format: date-time */
            due_at?: string;
            id: string;
            state: string;
            text?: string;
            unit: string;
            view?: string;
        };
        CaseProgress: {
            /** Format: date-time */
            closed_at?: string;
            /** Format: date-time */
            due_at?: string;
            /** Format: int64 */
            ext: number;
            no: string;
            /** Format: date-time */
            opened_at: string;
            state: {
                [key: string]: string;
            };
            timeline: components["schemas"]["CaseProgressStep"][] | null;
            title: string;
            unit: string;
        };
        CaseProgressStep: {
            /** Format: date-time */
            at: string;
            title: {
                [key: string]: string;
            };
        };
        CaseStep: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            ext: number;
        };
        CasesPage: {
            cases: components["schemas"]["CaseHead"][] | null;
            /** @description Before which the next page begins; absent on the last, and at the desks */
            next?: string;
        };
        Catalogue: {
            grains: {
                [key: string]: components["schemas"]["GrainCatalogue"];
            };
        };
        "Change-passwordRequest": {
            new: string;
            old: string;
        };
        Chart: {
            caption: string;
            line?: boolean;
            names: string[] | null;
            values: number[] | null;
        };
        Check: {
            expr: string;
            fail: string;
            id: string;
            /** Format: int64 */
            law: number;
            say: {
                [key: string]: string;
            };
        };
        CheckResult: {
            answer: string;
            check: string;
            expr: string;
            facts: components["schemas"]["Used"][] | null;
            law: components["schemas"]["Law"];
            leads?: string;
            say: {
                [key: string]: string;
            };
            why?: string;
        };
        CityData: {
            address?: string;
            class?: string;
            due?: string;
            item?: string;
            item_name?: string;
            /** Format: double */
            lat?: number;
            /** Format: double */
            lon?: number;
            name?: string;
            note?: string;
            own?: string;
            phone?: string;
            /** Format: int64 */
            rating?: number;
            reason?: string;
            received?: string;
            reply?: string;
            result?: string;
            secrecy?: string;
            solved?: string;
            text?: string;
            title?: string;
            unit?: string;
            unit_name?: string;
        };
        CityDifference: {
            act?: string;
            actor?: string;
            allowed: string[] | null;
            appeal?: string;
            day: string;
            /** Format: date-time */
            ended_at?: string;
            /** Format: date-time */
            found_at: string;
            id: string;
            /** @enum {string} */
            kind: "only_theirs" | "only_ours" | "state" | "deadline" | "rating" | "time" | "messages";
            /** Format: date-time */
            last_at: string;
            no: string;
            ours: string;
            own_no?: string;
            reason?: string;
            /** @enum {string} */
            state: "open" | "mended" | "ignored";
            theirs: string;
            title?: string;
        };
        CityLetter: {
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            came_at: string;
            /** Format: date-time */
            done_at?: string;
            /** @description From the city */
            down: boolean;
            error?: string;
            id: string;
            kind: string;
            message: string;
            /** Format: date-time */
            next_at?: string;
            no: string;
            /** Format: int64 */
            repeats?: number;
            says: components["schemas"]["CityData"];
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            state: "waiting" | "failed" | "taken" | "queued" | "held" | "sent" | "dead";
            /** Format: int64 */
            tries: number;
        };
        CityOrder: {
            /** Format: date-time */
            changed_at: string;
            /** Format: date-time */
            closed_at?: string;
            /** Format: int64 */
            down: number;
            /**
             * Format: date-time
             * @description The city's deadline
             */
            due_at?: string;
            /** @description The appeal */
            id: string;
            no: string;
            /**
             * Format: date-time
             * @description The district's deadline, or the city's where that is earlier
             */
            own_due?: string;
            own_no: string;
            own_state: string;
            /**
             * Format: int64
             * @description That the city's visit brought, 1 to 5
             */
            rating?: number;
            /** Format: date-time */
            replied_at?: string;
            /** Format: date-time */
            sent_at?: string;
            /** Format: date-time */
            signed_at?: string;
            /** @enum {string} */
            state: "dispatched" | "signed" | "returning" | "returned" | "replied" | "closed" | "withdrawn";
            title: string;
            unit?: string;
            /** Format: int64 */
            up: number;
            /**
             * Format: int64
             * @description Messages that are not through, in either direction
             */
            waiting?: number;
        };
        CityReconciliation: {
            /** @description Absent: the house, at night */
            actor?: string;
            /** Format: int64 */
            agreed: number;
            /** Format: date-time */
            at: string;
            /** @description By state: theirs and ours */
            counts: unknown;
            day: string;
            /**
             * Format: int64
             * @description Differences that stand open after it
             */
            differs: number;
            /** @description Why the city's list could not be had */
            error?: string;
            id: string;
            /**
             * Format: int64
             * @description Set right by itself
             */
            mended: number;
            /** Format: int64 */
            ours: number;
            /**
             * Format: int64
             * @description Orders in the city's list
             */
            theirs: number;
        };
        CityStandingView: {
            connected: boolean;
            /**
             * Format: int64
             * @description Reports that the city refused, or that were tried too often
             */
            dead: number;
            /**
             * Format: int64
             * @description The city's messages that could not be taken in
             */
            failed: number;
            /**
             * Format: int64
             * @description Reports with a code that has none of the city's
             */
            held: number;
            last?: components["schemas"]["CityReconciliation"];
            /**
             * Format: int64
             * @description Differences that nobody has decided
             */
            open: number;
            /** Format: int64 */
            orders: number;
            /**
             * Format: int64
             * @description Reports on their way
             */
            queued: number;
            /** @description Where the simulated city can be looked at; absent for a real one */
            simulator?: string;
            /** @description Codes that the map lacks still */
            unmapped: components["schemas"]["CityUnmapped"][] | null;
            /**
             * Format: int64
             * @description The city's messages that wait for one before them
             */
            waiting: number;
        };
        CityUnmapped: {
            code: string;
            /** Format: date-time */
            first_at: string;
            kind: string;
            /** Format: date-time */
            last_at: string;
            /** Format: int64 */
            n: number;
            name?: string;
            /** @description The order that it came with last */
            no: string;
            /** @description The city's code; else one of ours */
            theirs: boolean;
        };
        Clock: {
            clock: string;
            /** Format: date-time */
            due_at?: string;
            /** Format: int64 */
            mark: number;
            /** Format: int64 */
            n: number;
            outcome: string;
            spec: components["schemas"]["Spec"];
            /** Format: date-time */
            started_at?: string;
            /** Format: date-time */
            stopped_at?: string;
            unit: string;
        };
        ClockSpec: {
            firm?: boolean;
            name: string;
            never_pauses?: boolean;
            title: {
                [key: string]: string;
            };
        };
        ClosingView: {
            /** Format: date-time */
            at?: string;
            /**
             * Format: int64
             * @description The score from which a reply to this item does not pass
             */
            block: number;
            /** @description The reply does not pass now */
            blocked: boolean;
            judged: boolean;
            judgment?: components["schemas"]["Judgment"];
            objection?: components["schemas"]["ObjectionStep"][] | null;
        };
        CoTask: {
            asker?: string;
            assignee?: string;
            channel: string;
            class: string;
            /** Format: date-time */
            closed_at?: string;
            community?: string;
            desk?: string;
            /** Format: date-time */
            due_at?: string;
            first_unit?: string;
            flow: string;
            id: string;
            item: string;
            item_name: string;
            kind: string;
            /** Format: double */
            lat?: number;
            late: boolean;
            /** Format: double */
            lon?: number;
            merged?: string;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at?: string;
            parent?: string;
            place: string;
            place_name: string;
            /** @description What the unit answered */
            said?: string;
            said_files?: string[] | null;
            state: string;
            state_name: string;
            street?: string;
            synthetic?: boolean;
            system: string;
            title: string;
            /** Format: date-time */
            total_due?: string;
            unit: string;
            unit_name: string;
            /** Format: date-time */
            updated_at?: string;
            urgent_words?: string;
            vars: {
                [key: string]: number;
            };
            /** Format: int64 */
            version: number;
        };
        CodeSent: {
            /** @description The code itself, in a demonstration only */
            demo_code?: string;
        };
        Colleague: {
            /** @description Good at the item in question */
            able: boolean;
            /** @description On leave now */
            away: boolean;
            /**
             * Format: int64
             * @description Closed in 30 days; told to the unit's head and to themselves alone
             */
            closed?: number;
            /** @description On duty now */
            duty: boolean;
            id: string;
            /** Format: int64 */
            late?: number;
            name: string;
            /**
             * Format: int64
             * @description Open matters that they have
             */
            open: number;
            skills: string[] | null;
        };
        Complained: {
            /**
             * Format: date-time
             * @description Until when its owner answers
             */
            due_at: string;
        };
        "Confirm-second-factorRequest": {
            code: string;
            /** @description Password, code or recovery code */
            proof?: string;
            secret: string;
        };
        Contact: {
            name: string;
            phone: string;
            /** @description Whether the caller may ask to see more, with a reason */
            reveal: boolean;
            secrecy: string;
        };
        "Contest-scoreRequest": {
            files?: string[] | null;
            month: string;
            reason: string;
            scheme: string;
        };
        "Copy-duty-versionRequest": {
            /** @description Identifier of a version; the one in force when absent */
            from?: string;
            name: string;
            note?: string;
        };
        "Correct-elementsRequest": {
            /**
             * Format: int64
             * @description The version that was seen
             */
            version: number;
            /** @description By kind; at most eight values of 300 characters */
            words: {
                [key: string]: string[] | null;
            };
        };
        Counterfactual: {
            differs: string[] | null;
            outcome: string;
            pack_hash: string;
        };
        "Create-keyRequest": {
            /** Format: int64 */
            days: number;
            name: string;
            /** @description Tags of the operations that it is for; * is all that the account may */
            scopes: string[] | null;
        };
        "Create-knowledgeRequest": {
            entry: components["schemas"]["Entry"];
        };
        DayCount: {
            /** Format: int64 */
            closed: number;
            day: string;
            /** Format: int64 */
            due: number;
            /** Format: int64 */
            filed: number;
            /** Format: int64 */
            on_time: number;
        };
        "Decide-asserted-unitRequest": {
            /** @description false: they are not the same */
            accept: boolean;
            /** @description The spelling under which they are counted from now on */
            into?: string;
            /** @description As the source spells them */
            names: string[] | null;
            source: string;
            /** @description The unit of this district that they are, for the imports to come */
            unit?: string;
        };
        "Decide-downloadRequest": {
            approve: boolean;
            note: string;
        };
        "Decide-retentionRequest": {
            approve: boolean;
            reason: string;
        };
        Decided: {
            /** Format: date-time */
            applied_at: string;
            /** Format: date-time */
            at: string;
            /** @description What a person decided afterwards */
            human?: string;
            id: string;
            mode?: string;
            object?: string;
            /** @enum {string} */
            outcome: "approve" | "supplement" | "human";
            pack: string;
            pack_hash: string;
            /** Format: int64 */
            took_us: number;
        };
        DecidedPage: {
            /** Format: date-time */
            applied_at: string;
            /** Format: date-time */
            at: string;
            /** @description By fact: what may be brought in its place */
            bring?: {
                [key: string]: string;
            };
            decision: components["schemas"]["Decision"];
            /** @description What a person decided afterwards */
            human?: string;
            id: string;
            /** @description Values of personal facts are hidden */
            masked: boolean;
            mode?: string;
            /** @description Of the pack */
            name: {
                [key: string]: string;
            };
            object?: string;
            /** @enum {string} */
            outcome: "approve" | "supplement" | "human";
            pack: string;
            pack_hash: string;
            /** @description The caller may see more, with a reason */
            reveal: boolean;
            /** Format: int64 */
            took_us: number;
            /**
             * Format: int64
             * @description Of the pack; 0: of a text that is no version here
             */
            version: number;
        };
        Decision: {
            at: string;
            checks: components["schemas"]["CheckResult"][] | null;
            day: string;
            derived?: {
                [key: string]: unknown;
            };
            engine: string;
            facts_hash: string;
            grant?: {
                [key: string]: unknown;
            };
            outcome: string;
            pack: string;
            pack_hash: string;
            params?: {
                [key: string]: unknown;
            };
            why?: string;
        };
        DecisionDay: {
            /** Format: int64 */
            approve: number;
            day: string;
            /** Format: int64 */
            human: number;
            /** Format: int64 */
            supplement: number;
        };
        DecisionFigure: {
            /**
             * Format: int64
             * @description Numerator
             */
            n: number;
            /**
             * Format: int64
             * @description Denominator
             */
            of: number;
            /**
             * Format: double
             * @description In percent; absent where there is nothing to be a share of
             */
            share?: number;
        };
        DecisionFigures: {
            /** @description Approvals by age band */
            ages: components["schemas"]["DecisionGroup"][] | null;
            /** @description Approved by the pack and touched by nobody since, of all that it judged while it decided (canary or on). Shadow and trials do not count. */
            automatic: components["schemas"]["DecisionFigure"];
            days: components["schemas"]["DecisionDay"][] | null;
            from: string;
            /** @description Sent to a person, of all that it judged */
            human: components["schemas"]["DecisionFigure"];
            /**
             * Format: double
             * @description Half of them took no longer, from the asking for facts
             */
            median_ms?: number;
            needs: components["schemas"]["ShadowNeeds"];
            /** @description Approvals by where the number was first given out: 4403 this city, else the province */
            origins: components["schemas"]["DecisionGroup"][] | null;
            /** @description Approvals that a person decided otherwise afterwards, of all approvals */
            overturned: components["schemas"]["DecisionFigure"];
            /** @description Why it did not approve: by check, and the fact that could not be used */
            reasons: components["schemas"]["DecisionReason"][] | null;
            shadow: components["schemas"]["Shadow"];
            /** @description Sent to be supplemented, of all that it judged */
            supplement: components["schemas"]["DecisionFigure"];
            /**
             * Format: int64
             * @description Groups smaller than this are not shown, nor one that the others would tell
             */
            suppress_under: number;
            /** @description The last day */
            to: string;
            watched: components["schemas"]["DecisionWatchTotals"];
        };
        DecisionGroup: {
            group: string;
            hidden?: boolean;
            /** Format: int64 */
            n?: number;
            /**
             * Format: double
             * @description Approved, in percent
             */
            share?: number;
        };
        DecisionMay: {
            draft: boolean;
            /** @description See what was decided */
            list: boolean;
            mode: boolean;
            reveal: boolean;
            scan: boolean;
            stop: boolean;
        };
        DecisionModeStep: {
            actor?: string;
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            cap: number;
            /** @description What the shadow had found by then */
            found?: unknown;
            /** @enum {string} */
            mode: "off" | "shadow" | "canary" | "on";
            name?: string;
            reason: string;
            /** Format: int64 */
            seq: number;
            /** Format: int64 */
            share: number;
            stopped: boolean;
            unit?: string;
        };
        DecisionPackHead: {
            /**
             * Format: int64
             * @description Of these, approved
             */
            approved: number;
            /** @description Of the last 30 days: approved and touched by nobody, of all judged */
            automatic: components["schemas"]["DecisionFigure"];
            /**
             * Format: int64
             * @description Live approvals of which a fact has become another
             */
            changed: number;
            /** Format: int64 */
            checks: number;
            illustrative: boolean;
            /**
             * Format: int64
             * @description Version that is in force today; 0 none
             */
            in_force: number;
            mode: components["schemas"]["Mode"];
            name: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Version that is on its way; 0 none
             */
            open: number;
            open_state?: string;
            pack: string;
            /**
             * Format: int64
             * @description Applications judged today while it decides
             */
            today: number;
            /** @description The caller may do the next step of it */
            turn: boolean;
        };
        DecisionPackPage: {
            head: components["schemas"]["DecisionPackHead"];
            may: components["schemas"]["DecisionMay"];
            modes: components["schemas"]["DecisionModeStep"][] | null;
            /** @description Of the accounts that versions name */
            names: {
                [key: string]: string;
            };
            needs: components["schemas"]["ShadowNeeds"];
            shadow: components["schemas"]["Shadow"];
            steps: components["schemas"]["DecisionStep"][] | null;
            versions: components["schemas"]["DecisionVersionView"][] | null;
        };
        DecisionReading: {
            approve: string;
            checks: components["schemas"]["Check"][] | null;
            derive?: components["schemas"]["Derivation"][] | null;
            effective: components["schemas"]["Effective"];
            examples: components["schemas"]["Example"][] | null;
            facts: {
                [key: string]: components["schemas"]["FactSpec"];
            };
            grant?: components["schemas"]["Derivation"][] | null;
            illustrative?: boolean;
            item?: string;
            law: components["schemas"]["Law"][] | null;
            name: {
                [key: string]: string;
            };
            pack: string;
            params?: {
                [key: string]: components["schemas"]["Param"];
            };
        };
        DecisionReason: {
            check: string;
            fact?: string;
            /** Format: int64 */
            n: number;
            /** @description FAIL: answered and not so; else why the fact could not be used */
            why: string;
        };
        DecisionStep: {
            actor?: string;
            /** Format: date-time */
            at: string;
            /** @description Of who did it; none: it came with the house */
            name?: string;
            reason?: string;
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            step: "load" | "write" | "review" | "clear" | "publish" | "return" | "retire";
            unit?: string;
            /** Format: int64 */
            version: number;
        };
        DecisionText: {
            body: string;
            cases: string;
            faults: components["schemas"]["RuleFault"][] | null;
            /** @description What it says; absent where it cannot be read */
            read?: components["schemas"]["DecisionReading"];
            version: components["schemas"]["DecisionVersionView"];
        };
        DecisionTexts: {
            /** @description The pack, YAML */
            body: string;
            /** @description Its cases, YAML */
            cases: string;
        };
        DecisionTrial: {
            /** @description Of the cases */
            case_faults: components["schemas"]["RuleFault"][] | null;
            cases: components["schemas"]["TriedExample"][] | null;
            /** @description Of the pack */
            faults: components["schemas"]["RuleFault"][] | null;
            /** @description In what it differs from the version in force */
            meaning?: components["schemas"]["PackChange"][] | null;
            /** @description YAML of the cases that are missing, to be read by a person and added */
            proposed?: string;
            proposed_for: string[] | null;
            read?: components["schemas"]["DecisionReading"];
            ready: boolean;
            trial?: components["schemas"]["Trial"];
        };
        DecisionVersionView: {
            /** @description What the caller may do with it now */
            allowed: string[] | null;
            authors: string[] | null;
            cases_hash: string;
            /** Format: date-time */
            changed_at: string;
            /** @description SHA-256 of its text */
            hash: string;
            /** @description It decides applications of today */
            in_force: boolean;
            lawyer?: string;
            /** @description shipped: it came with the house */
            origin?: string;
            pack: string;
            /** Format: date-time */
            published_at?: string;
            publisher?: string;
            /** Format: date-time */
            retired_at?: string;
            reviewer?: string;
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            state: "draft" | "reviewed" | "lawful" | "published" | "retired";
            /** @description How it stood against its cases at publication */
            trial?: components["schemas"]["Trial"];
            /** Format: int64 */
            version: number;
        };
        DecisionWatchTotals: {
            /**
             * Format: int64
             * @description Of which a fact has become another
             */
            changed: number;
            /**
             * Format: int64
             * @description Approvals whose facts are looked at again every night
             */
            live: number;
            /**
             * Format: date-time
             * @description When the one that was looked at longest ago was
             */
            oldest?: string;
        };
        DelegateRequest: {
            account: string;
            reason: string;
            /** @description All that one holds when absent */
            roles?: string[] | null;
            /** Format: date-time */
            since: string;
            /**
             * Format: date-time
             * @description At most 90 days later
             */
            until: string;
        };
        Delegation: {
            giver: string;
            giver_name: string;
            id: string;
            reason: string;
            role: string;
            /** Format: date-time */
            since: string;
            taker: string;
            taker_name: string;
            unit: string;
            /** Format: date-time */
            until: string;
        };
        DemoUser: {
            /** @description System whose work it does */
            group: string;
            login: string;
            name: string;
            password: string;
            role: string;
        };
        Derivation: {
            expr: string;
            name: string;
            say?: {
                [key: string]: string;
            };
            type: string;
        };
        DeskTicket: {
            area: string;
            /** @description Last day to come back with papers */
            back_by?: string;
            /** Format: date-time */
            called_at?: string;
            /** Format: int64 */
            calls: number;
            /** @enum {string} */
            channel: "counter" | "phone" | "video";
            /** @description Of priority */
            class?: string;
            day: string;
            /** Format: date-time */
            ended_at?: string;
            /**
             * Format: int64
             * @description Seconds of waiting foretold when it was queued first
             */
            est?: number;
            /** Format: int64 */
            est_high?: number;
            /** Format: int64 */
            est_low?: number;
            hall: string;
            /**
             * Format: date-time
             * @description Confirm the slot until then
             */
            hold?: string;
            id: string;
            kind: string;
            /** Format: int64 */
            missed: number;
            /** @description Masked */
            name?: string;
            /** @description What is called; absent until the person has come */
            no?: string;
            /**
             * Format: int64
             * @description 1 is next for this window; 0 is not in its queue
             */
            place: number;
            /** Format: date-time */
            queued_at?: string;
            /**
             * Format: int64
             * @description At the window, µs, without what was parked
             */
            serve_us: number;
            services: components["schemas"]["TicketService"][] | null;
            /** Format: date-time */
            slot?: string;
            /** @enum {string} */
            source: "kiosk" | "phone" | "reception";
            /** Format: date-time */
            started_at?: string;
            state: string;
            /** Format: date-time */
            taken_at: string;
            target?: string;
            /** Format: int64 */
            version: number;
            /**
             * Format: int64
             * @description Waiting time, µs: in the queue until called
             */
            wait_us: number;
            wanting?: string;
            /**
             * Format: int64
             * @description Way time, µs: from the call to the window
             */
            way_us: number;
            window?: string;
        };
        Detail: {
            /** @description Why an alert is open */
            alerts?: string[] | null;
            /** @description What the engine will accept from the caller now */
            allowed: components["schemas"]["Action"][] | null;
            appeal: components["schemas"]["Appeal"];
            /** @description Absent where the caller may not know even that */
            appellant?: components["schemas"]["Contact"];
            /** @description The newest appointment with the citizen (预约) */
            appointment?: components["schemas"]["Appointment"];
            asker?: string;
            assignee?: string;
            /** @description Whether the caller may call the appellant through a lent number */
            call: boolean;
            /** @description Number of the appeal that carries it */
            carried_by?: string;
            /**
             * Format: int64
             * @description How many appeals are handled with it (并案)
             */
            carries?: number;
            channel: string;
            class: string;
            clocks: components["schemas"]["Clock"][] | null;
            /** Format: date-time */
            closed_at?: string;
            co_tasks?: components["schemas"]["CoTask"][] | null;
            community?: string;
            desk?: string;
            /** Format: date-time */
            due_at?: string;
            files: string[] | null;
            first_unit?: string;
            flow: string;
            /**
             * Format: int64
             * @description How many more report the same
             */
            followers: number;
            id: string;
            item: string;
            item_name: string;
            kind: string;
            /** Format: double */
            lat?: number;
            late: boolean;
            /** @description Number of the conclusion letter that went to the appellant, who reads it by read-letter */
            letter?: string;
            /** Format: double */
            lon?: number;
            /** @description On the board of what leaders watch */
            major?: boolean;
            merged?: string;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at?: string;
            parent?: string;
            /** @description The parts of its message (一诉多求), itself included */
            parts?: components["schemas"]["Part"][] | null;
            place: string;
            place_name: string;
            /** @description All that were given, the first one first */
            ratings?: components["schemas"]["Rating"][] | null;
            reply_files: string[] | null;
            /** @description The ruling that binds */
            ruling?: components["schemas"]["Ruling"];
            state: string;
            state_name: string;
            street?: string;
            synthetic?: boolean;
            system: string;
            timeline: components["schemas"]["Moment"][] | null;
            title: string;
            /** Format: date-time */
            total_due?: string;
            unit: string;
            unit_name: string;
            /** Format: date-time */
            updated_at?: string;
            urgent_words?: string;
            vars: {
                [key: string]: number;
            };
            /** Format: int64 */
            version: number;
            /** @description Whether the caller watches it (关注) */
            watching?: boolean;
        };
        Differs: {
            after: string;
            /** Format: date-time */
            at: string;
            before: string;
            /** @description That answer otherwise */
            checks: string[] | null;
            id: string;
            object?: string;
        };
        DispatchModel: {
            /** Format: int64 */
            cases: number;
            /** Format: date-time */
            changed_at: string;
            changed_by?: string;
            figures: components["schemas"]["Figures"];
            id: string;
            item_hash: string;
            reason: string;
            /** @enum {string} */
            status: "champion" | "past" | "refused";
            /** Format: date-time */
            trained_at: string;
            unit_hash: string;
            /** Format: date-time */
            until: string;
        };
        Dispute: {
            files: string[] | null;
            /** @description What is disputed, by the unit that brought it */
            points?: string;
            positions: components["schemas"]["Position"][] | null;
            /** @description Earlier rulings on like matters, the most like first */
            precedents: components["schemas"]["RelevantRuling"][] | null;
            /** @description Lead and fallback that the duty list and history propose, with reasons */
            proposals: components["schemas"]["Candidate"][] | null;
            /** @description For an asset that nobody owns: whose turn it is, by rotation */
            rotation?: {
                [key: string]: components["schemas"]["Share"][] | null;
            };
            /** @description Of this appeal */
            rulings: components["schemas"]["Ruling"][] | null;
        };
        DistrictView: {
            classes: string[] | null;
            /** @description Version of the duty list in force */
            duty: string;
            flows: {
                [key: string]: components["schemas"]["Flow"];
            };
            id: string;
            /** @description The levels of supervision (督办), from the lowest */
            ladder: components["schemas"]["LadderLevel"][] | null;
            locale: string;
            name: {
                [key: string]: string;
            };
            places: components["schemas"]["Place"][] | null;
            /**
             * Format: int64
             * @description While a demonstration is being made: thousandths that are there
             */
            preparing?: number;
            /** @description Said on every screen: this is no real data */
            synthetic?: {
                [key: string]: string;
            };
            timezone: string;
            units: components["schemas"]["Unit"][] | null;
            /** @description Desk screens carry who looks and when */
            watermark?: boolean;
            words: components["schemas"]["Words"];
        };
        DivisionView: {
            /** @description Those that it was divided into */
            parts: components["schemas"]["Part"][] | null;
            /** @description Nothing where it asks for one thing */
            proposed: components["schemas"]["ProposedPart"][] | null;
            text: string;
        };
        Dossier: {
            about: string;
            /** @description What the caller may do with it now */
            allowed: string[] | null;
            /** @description Those in it, the first one first */
            appeals: components["schemas"]["DossierAppeal"][] | null;
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description Appeals in it
             */
            count: number;
            events: components["schemas"]["DossierEvent"][] | null;
            id: string;
            /** @description The newest */
            letter?: components["schemas"]["Letter"];
            /**
             * @description How far remedies went: none, reviewed (复查), reviewed again (复核)
             * @enum {string}
             */
            level: "conclusion" | "review" | "recheck";
            no: string;
            /** @description Of the letter that stands */
            number?: string;
            /** @enum {string} */
            state: "open" | "drafted" | "concluded" | "archived";
            sum: components["schemas"]["DossierSum"];
            title: string;
            unit: string;
            /** Format: int64 */
            version: number;
        };
        DossierAppeal: {
            /** Format: date-time */
            closed_at?: string;
            /** Format: int64 */
            contacts: number;
            id: string;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at: string;
            /** Format: int64 */
            rating?: number;
            reply?: string;
            result?: string;
            /** Format: int64 */
            rulings: number;
            solved?: string;
            state: string;
            /**
             * Format: int64
             * @description What staff did with it
             */
            steps: number;
            title: string;
            unit?: string;
            /**
             * Format: int64
             * @description The same number is the same appellant, within this file alone
             */
            voice?: number;
        };
        DossierData: {
            appeals?: string[] | null;
            /** @description The conclusion was not upheld */
            changed?: boolean;
            /** @description Of that opinion */
            day?: string;
            letter?: string;
            nos?: string[] | null;
            note?: string;
            /** @description Of the letter, or of the other organ's opinion */
            number?: string;
            /** @description Who reviewed */
            organ?: string;
            unit?: string;
        };
        DossierEvent: {
            actor: string;
            /** Format: date-time */
            at: string;
            data: components["schemas"]["DossierData"];
            kind: string;
            /** Format: int64 */
            seq: number;
            unit?: string;
        };
        DossierHead: {
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description Appeals in it
             */
            count: number;
            id: string;
            /**
             * @description How far remedies went: none, reviewed (复查), reviewed again (复核)
             * @enum {string}
             */
            level: "conclusion" | "review" | "recheck";
            no: string;
            /** @description Of the letter that stands */
            number?: string;
            /** @enum {string} */
            state: "open" | "drafted" | "concluded" | "archived";
            title: string;
            unit: string;
            /** Format: int64 */
            version: number;
        };
        DossierMatch: {
            about: string;
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description Appeals in it
             */
            count: number;
            id: string;
            /**
             * @description How far remedies went: none, reviewed (复查), reviewed again (复核)
             * @enum {string}
             */
            level: "conclusion" | "review" | "recheck";
            /** @description Number of the appeal in it that is the most alike */
            like: string;
            no: string;
            /** @description Of the letter that stands */
            number?: string;
            /**
             * Format: double
             * @description 0 to 1: the weighted sum of the terms
             */
            score: number;
            /** @enum {string} */
            state: "open" | "drafted" | "concluded" | "archived";
            terms: components["schemas"]["Term"][] | null;
            title: string;
            unit: string;
            /** Format: int64 */
            version: number;
        };
        DossierOf: {
            in?: components["schemas"]["DossierHead"];
            /** @description Of the file that it is in, where its conclusion stands */
            letter?: components["schemas"]["Letter"];
            matches: components["schemas"]["DossierMatch"][] | null;
        };
        DossierStep: {
            /** @enum {string} */
            action: "add" | "remove" | "entrust" | "draft" | "return" | "issue" | "archive" | "reopen" | "review" | "recheck";
            /** @description Of add and remove */
            appeals?: string[] | null;
            /** @description Of draft: the law with its clause */
            basis?: string;
            /** @description Of review and recheck: the conclusion was not upheld */
            changed?: boolean;
            /** @description Of draft */
            conclusion?: string;
            /** @description Of review and recheck */
            day?: string;
            /** @description Of draft */
            facts?: string;
            /** @description Why */
            note?: string;
            /** @description Of review and recheck */
            number?: string;
            /** @description Of review and recheck */
            organ?: string;
            /** @description Of entrust */
            unit?: string;
            /**
             * Format: int64
             * @description What the caller saw; another's action since then is a conflict
             */
            version: number;
        };
        DossierSum: {
            /** Format: int64 */
            appellants: number;
            /** Format: int64 */
            contacts: number;
            /**
             * Format: int64
             * @description From the first appeal to the last
             */
            days: number;
            /**
             * Format: double
             * @description From filing to closing, of all closed ones
             */
            hours: number;
            /**
             * Format: int64
             * @description Answered by the standing conclusion
             */
            referred: number;
            /** Format: int64 */
            rulings: number;
            /** Format: int64 */
            steps: number;
            /** Format: int64 */
            units: number;
        };
        DownloadRequest: {
            actor: string;
            /** Format: date-time */
            at: string;
            by: string;
            /** Format: date-time */
            decided_at?: string;
            decider?: string;
            /** Format: date-time */
            fetched_at?: string;
            form: string;
            id: string;
            note?: string;
            /** @description Where it is fetched once it is approved */
            path: string;
            reason: string;
            /**
             * Format: int64
             * @description Rows when it was asked for: at least so many
             */
            rows: number;
            /** @enum {string} */
            state: "asked" | "approved" | "refused" | "fetched";
            unit: string;
            /** Format: date-time */
            until?: string;
            what: string;
        };
        "Draft-decision-versionRequest": {
            /** @description The pack, YAML */
            body: string;
            /** @description Its cases, YAML */
            cases: string;
            reason?: string;
        };
        DutyAid: {
            /** @description Laws and rules that it rests on */
            basis?: string[] | null;
            code: string;
            definition?: string;
            excludes?: string[] | null;
            includes?: string[] | null;
            name: string;
            /**
             * Format: int64
             * @description How many photos its reply needs
             */
            photos?: number;
        };
        DutyChange: {
            /** @description Of the item, or of the items that the rule is for */
            code: string;
            /** @description What is different */
            fields?: components["schemas"]["DutyFieldChange"][] | null;
            /** @enum {string} */
            kind: "added" | "removed" | "changed";
            /** @description Of the item, or the rule's condition */
            name?: string;
            /** @description What was added or removed */
            row?: {
                [key: string]: string;
            };
            /** @enum {string} */
            what: "item" | "rule";
        };
        DutyDiff: {
            against: components["schemas"]["DutyVersion"];
            /** @description The first 1,000 */
            changes: components["schemas"]["DutyChange"][] | null;
            /** @description By 'item added', 'rule changed' and so on */
            counts: {
                [key: string]: number;
            };
        };
        DutyFieldChange: {
            field: string;
            from: string;
            to: string;
        };
        DutyItem: {
            code: string;
            definition?: string;
            evidence: string;
            examples?: string[] | null;
            excludes?: string[] | null;
            handle_class: string;
            includes?: string[] | null;
            keywords?: string[] | null;
            l1: string;
            l2: string;
            l3: string;
            legal_basis?: string;
            urgency: string;
            visit: boolean;
        };
        DutyItemView: {
            item: {
                [key: string]: string;
            };
            rules: components["schemas"]["DutyRuleView"][] | null;
        };
        DutyMove: {
            /** Format: int64 */
            count: number;
            /** @description Code; '' for nobody */
            from: string;
            from_name: string;
            /** @description The newest of them */
            sample: components["schemas"]["DutySample"][] | null;
            to: string;
            to_name: string;
        };
        DutyReason: {
            /** @description The appeal was given to the unit that the rule names */
            follows: boolean;
            item: string;
            item_name: string;
            /** @description Who is responsible by it */
            lead?: string;
            lead_name?: string;
            /** @description Absent where no rule of it decides */
            rule?: components["schemas"]["DutyRule"];
            /** @description The one in force when it was dispatched */
            version: components["schemas"]["DutyVersion"];
        };
        DutyReplay: {
            /**
             * Format: int64
             * @description Nobody was by the old list
             */
            gained: number;
            /**
             * Format: int64
             * @description Appeals of the filter that have an item
             */
            looked: number;
            /**
             * Format: int64
             * @description Nobody is by the new one
             */
            lost: number;
            /**
             * Format: int64
             * @description Another unit is
             */
            moved: number;
            /** @description By unit, the most frequent first */
            moves: components["schemas"]["DutyMove"][] | null;
            /** @description Give it as 'after' to go on with older ones; the counts of the parts add up */
            next?: string;
            /**
             * Format: int64
             * @description The same unit is responsible
             */
            same: number;
            /**
             * Format: int64
             * @description Items for which the two lists differ at all
             */
            touched_items: number;
        };
        DutyRule: {
            co_units?: string[] | null;
            condition?: string;
            fallback?: string;
            item: string;
            lead: string;
            note?: string;
            /** Format: int64 */
            priority: number;
            /** Format: date-time */
            valid_from: string;
            /** Format: date-time */
            valid_to: string;
        };
        DutyRuleView: {
            fallback_name?: string;
            /** @description 'street' and 'community' stand for the unit whose place it is */
            lead_name: string;
            row: {
                [key: string]: string;
            };
        };
        DutySample: {
            id: string;
            item: string;
            item_name: string;
            no: string;
            /** Format: date-time */
            opened_at?: string;
            place: string;
            title: string;
            /** @description The unit that has it or had it last, by name */
            unit: string;
        };
        DutyVersion: {
            /** Format: date-time */
            changed_at?: string;
            /** Format: date-time */
            created_at?: string;
            /** @description In force now */
            current: boolean;
            /** @description Of its content */
            hash: string;
            id: string;
            /**
             * Format: date-time
             * @description From when on; absent of a draft
             */
            in_force?: string;
            /** Format: int64 */
            items: number;
            name: string;
            note?: string;
            /** @enum {string} */
            origin: "pack" | "upload" | "copy";
            /** @description The version that it was made from */
            parent?: string;
            /** Format: date-time */
            published_at?: string;
            /** Format: int64 */
            rules: number;
            /** @enum {string} */
            state: "draft" | "published" | "withdrawn";
            /**
             * Format: date-time
             * @description When the next takes over, if one is published
             */
            until?: string;
        };
        Effective: {
            from: string;
            until?: string;
        };
        ElementRow: {
            /** Format: date-time */
            at?: string;
            /** @description Who corrected it; absent where the house read it */
            by?: string;
            /** @enum {string} */
            kind: "title" | "summary" | "who" | "where" | "when" | "what" | "wanted";
            /**
             * Format: int64
             * @description Of the version that says it; 0: read just now, not kept
             */
            seq: number;
            values: components["schemas"]["ElementValue"][] | null;
        };
        ElementValue: {
            /** @description Of a time: again and again */
            every?: boolean;
            /**
             * Format: int64
             * @description Where the words stand in the masked text, in characters
             */
            from?: number;
            /** @description By which the house found it */
            rule?: string;
            /**
             * Format: date-time
             * @description Of a time: what it comes to, set against the time of filing
             */
            since?: string;
            text: string;
            /** Format: int64 */
            to?: number;
            /** Format: date-time */
            until?: string;
        };
        ElementVersion: {
            /** Format: date-time */
            at: string;
            /** @description Who corrected; absent where the house read */
            by?: string;
            said: {
                [key: string]: components["schemas"]["ElementValue"][] | null;
            };
            /** Format: int64 */
            seq: number;
            unit?: string;
        };
        Elements: {
            /** @description Whether the caller may correct */
            correct: boolean;
            rows: components["schemas"]["ElementRow"][] | null;
            /**
             * Format: int64
             * @description Newest version; give it back when correcting
             */
            version: number;
            /** @description The newest first */
            versions: components["schemas"]["ElementVersion"][] | null;
        };
        Elsewhere: {
            citizen: boolean;
            name: string;
            /** @description Where the browser goes; ?to= is where it comes back to */
            path: string;
            title: string;
        };
        "End-other-sessionsRequest": {
            /** @description Only this one */
            session?: string;
        };
        Ended: {
            /** Format: date-time */
            at: string;
            identifier: string;
            kind: string;
        };
        Entry: {
            body: string;
            category?: string;
            /** @description Stays for good; given where absent */
            code?: string;
            /** @description For staff alone */
            internal?: boolean;
            keywords?: string[] | null;
            legal_basis?: string;
            title: string;
            /** @description The unit that owns it */
            unit: string;
            /** Format: date-time */
            valid_from?: string;
            /**
             * Format: date-time
             * @description The first moment at which it is no longer in force; absent: none
             */
            valid_to?: string;
        };
        ErrorDetail: {
            /** @description Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id' */
            location?: string;
            /** @description Error message text */
            message?: string;
            /** @description The value at the given location */
            value?: unknown;
        };
        Estimate: {
            /**
             * Format: int64
             * @description Called before them
             */
            ahead: number;
            /** Format: int64 */
            high: number;
            /**
             * Format: int64
             * @description In eight of ten cases it was between low and high
             */
            low: number;
            /**
             * Format: int64
             * @description Before it was fitted to what was measured
             */
            raw?: number;
            /** Format: int64 */
            seconds: number;
            /**
             * Format: int64
             * @description That serve them now
             */
            windows: number;
        };
        EstimateQuality: {
            /**
             * Format: double
             * @description Share of waits that lay in the band; 0.8 is aimed at
             */
            coverage: number;
            hall: string;
            /**
             * Format: int64
             * @description Local; -1 all
             */
            hour: number;
            /**
             * Format: double
             * @description Mean of the distance between what was foretold and what came
             */
            mean_absolute_error_seconds: number;
            /** Format: double */
            mean_wait_seconds: number;
            /**
             * Format: int64
             * @description Waits that were foretold and have come
             */
            n: number;
        };
        Evidence: {
            /** Format: int64 */
            from?: number;
            /** @enum {string} */
            of: "reply" | "appeal" | "record";
            quote?: string;
            ref?: string;
            /** Format: int64 */
            to?: number;
        };
        Example: {
            at?: string;
            checks?: {
                [key: string]: string;
            };
            facts?: {
                [key: string]: unknown;
            };
            grant?: {
                [key: string]: unknown;
            };
            like?: string;
            made?: boolean;
            name: string;
            outcome: string;
            stale?: string[] | null;
            without?: string[] | null;
        };
        Extra: {
            grain?: string;
            id: string;
            /** Format: double */
            most: number;
            name: {
                [key: string]: string;
            };
            /** Format: double */
            points: number;
            when?: string;
        };
        FactSpec: {
            bring?: {
                [key: string]: string;
            };
            key?: string;
            max_age?: string;
            /** Format: int64 */
            need?: number;
            on_missing: string;
            personal?: boolean;
            say: {
                [key: string]: string;
            };
            sources: string[] | null;
            /** @enum {string} */
            type: "string" | "int" | "double" | "bool" | "date" | "list";
            watch?: boolean;
        };
        Factor: {
            secret: string;
            /** @description For the QR code: otpauth:// */
            url: string;
        };
        Fault: {
            /**
             * Format: int64
             * @description How many items it is of, where they are many
             */
            count?: number;
            /** @description A list with it cannot be published */
            hard: boolean;
            /** @description Code, or the beginning of codes and * */
            item?: string;
            item_name?: string;
            /**
             * @description gap: no rule covers the item in every case; place: no unit serves it there; unit: there is no such unit; closed: the unit is not there at that time; fallback: none is named; expired: the rule holds no more; overlap: two rules of one rank may hold at once; dead: another rule always decides before it
             * @enum {string}
             */
            kind: "gap" | "place" | "unit" | "closed" | "fallback" | "expired" | "overlap" | "dead";
            /** @description Code of a street or community */
            place?: string;
            /** @description Lines of the table of rules, the header is line 1 */
            rules?: number[] | null;
            /** @description Some of them */
            sample?: string[] | null;
            /** @description In English, for logs */
            text: string;
            unit?: string;
            /** @description A case in which two rules hold */
            when?: string;
        };
        FeedStanding: {
            /** Format: int64 */
            added: number;
            /** Format: date-time */
            at: string;
            error?: string;
            source: string;
        };
        Field: {
            hint?: {
                [key: string]: string;
            };
            /** Format: int64 */
            max?: number;
            /** Format: int64 */
            min?: number;
            name: string;
            options?: components["schemas"]["Option"][] | null;
            required?: boolean;
            title: {
                [key: string]: string;
            };
            type: string;
        };
        Figure: {
            definition: {
                [key: string]: string;
            };
            /** Format: double */
            denominator?: number;
            id: string;
            name: {
                [key: string]: string;
            };
            /** Format: double */
            numerator: number;
            /** @description Path of the list behind the figure */
            rows: string;
            unit: string;
            /**
             * Format: double
             * @description Absent when the denominator is nothing: there is no rate of nothing
             */
            value?: number;
        };
        FigureAnswer: {
            /**
             * Format: date-time
             * @description As of when
             */
            at: string;
            /** Format: date-time */
            from: string;
            /** @description How far the records went: the data version */
            position: string;
            rows: components["schemas"]["FigureRow"][] | null;
            /** Format: date-time */
            to: string;
            truncated?: boolean;
        };
        FigureQuery: {
            by?: string[] | null;
            /** @description Local day, included */
            from: string;
            /** @enum {string} */
            grain: "appeals" | "events" | "open" | "due";
            /** Format: int64 */
            limit?: number;
            measures: string[] | null;
            /** @description Of appeals: the moment that the window is about: filed (default), closed, rated */
            on?: string;
            /** @description A measure or a dimension; '-' before it for the greatest first */
            order?: string;
            /** @description Local day, not included */
            to: string;
            /** @description Dimension to the values that it may have */
            where?: {
                [key: string]: string[] | null;
            };
        };
        FigureRow: {
            by: {
                [key: string]: string;
            };
            /** @description What people call the codes */
            names?: {
                [key: string]: string;
            };
            /** @description Path of the list behind it, where a list can say it */
            rows?: string;
            /** @description None where the denominator is nothing */
            values: {
                [key: string]: number | null;
            };
        };
        FigureView: {
            id: string;
            mine: boolean;
            name: string;
            query: components["schemas"]["FigureQuery"];
            shared: boolean;
        };
        Figures: {
            /** Format: double */
            auto_coverage: number;
            /** Format: double */
            auto_from: number;
            /** Format: double */
            auto_precision: number;
            /** Format: int64 */
            cases: number;
            /** Format: double */
            doubt: number;
            /** Format: double */
            ece: number;
            /** Format: double */
            item: number;
            /** Format: double */
            list_weight: number;
            /** Format: double */
            odd: number;
            /** Format: double */
            rule_agreement: number;
            /** Format: double */
            sharpness: number;
            /** Format: double */
            top1: number;
            /** Format: double */
            top3: number;
        };
        File: {
            /** Format: date-time */
            changed_at: string;
            /** @description Differs from what the pack brought */
            edited: boolean;
            path: string;
            /** Format: int64 */
            size: number;
        };
        FileInputBody: {
            /** @description Unit complained of: it will not see the appellant */
            about?: string;
            /** @description As the citizen writes it; a pin or nothing is also fine */
            address?: string;
            /** @description name, phone, id_number, address: as told to an agent, or by a stranger who wants to be called */
            appellant?: {
                [key: string]: string;
            };
            /** @description Code of a channel; 'web' when absent */
            channel?: string;
            /** @description Urgency, by an agent */
            class?: string;
            files?: string[] | null;
            /** @description Code of a kind */
            kind?: string;
            /** Format: double */
            lat?: number;
            /**
             * Format: double
             * @description WGS-84
             */
            lon?: number;
            /** @enum {string} */
            secrecy?: "open" | "confidential" | "anonymous";
            /** @description 5 to 4,000 characters */
            text: string;
            title?: string;
        };
        Filed: {
            /**
             * Format: date-time
             * @description When the citizen is promised an answer
             */
            due_at?: string;
            id: string;
            /** @description The number that people quote */
            no: string;
            /** @description Opens this one appeal without sign-in; shown once */
            tracking: string;
            /** @description Numbers to call at once (110, 119, 120), when the text says so */
            urgent?: string[] | null;
        };
        FillSource: {
            /** Format: date-time */
            as_of: string;
            /** @description The applicant may change it */
            edit?: boolean;
            fact: string;
            source: string;
        };
        "Find-similarRequest": {
            address?: string;
            /** Format: double */
            lat?: number;
            /** Format: double */
            lon?: number;
            text: string;
        };
        FindInputBody: {
            /** @description Photos of the place, at most nine */
            files?: string[] | null;
            /** @enum {string} */
            finding: "real" | "formal" | "recurred";
            /** @description What was seen; needed unless the finding is real */
            note: string;
        };
        Flow: {
            actions: {
                [key: string]: components["schemas"]["Action"];
            };
            clocks: components["schemas"]["ClockSpec"][] | null;
            hash: string;
            name: string;
            states: {
                [key: string]: components["schemas"]["State"];
            };
            title: {
                [key: string]: string;
            };
        };
        "Freeze-assessmentRequest": {
            month: string;
            scheme: string;
        };
        "Give-packRequest": {
            /** @description Day of its licence */
            licensed?: string;
            name: string;
            uscc: string;
        };
        GrainCatalogue: {
            /** @description What each measure counts (口径) */
            definitions: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            dimensions: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            measures: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            /** @description Measures that are told in percent */
            percent: string[] | null;
        };
        Grant: {
            for?: string;
            role: string;
            unit: string;
        };
        GraphNode: {
            /** @description Words by which a list of appeals is searched for it, where no filter narrows to it */
            as?: string;
            key: string;
            /** @enum {string} */
            kind: "matter" | "item" | "unit" | "street" | "community" | "place" | "enterprise" | "basis" | "topic";
            /**
             * Format: int64
             * @description Of them late
             */
            late: number;
            /**
             * Format: int64
             * @description Appeals that the caller may see and that it shares with the node that was asked for
             */
            n: number;
            name: string;
            /**
             * Format: int64
             * @description Of them open
             */
            open: number;
        };
        GraphView: {
            /** @description There are more appeals than were counted: the newest were */
            more?: boolean;
            /** @description By kind, of each kind those with the most appeals */
            neighbours: components["schemas"]["GraphNode"][] | null;
            /** @description The newest appeals themselves */
            newest: components["schemas"]["GraphNode"][] | null;
            node: components["schemas"]["GraphNode"];
        };
        Group: {
            kinds?: string[] | null;
            name: {
                [key: string]: string;
            };
            units?: string[] | null;
        };
        HalfHour: {
            /**
             * Format: double
             * @description Mean of the same weekdays before
             */
            arrivals: number;
            from: string;
            /**
             * Format: double
             * @description Still waiting at its end
             */
            left: number;
            /**
             * Format: int64
             * @description Mean wait that comes of it
             */
            wait_seconds: number;
            /**
             * Format: int64
             * @description As planned, or as asked
             */
            windows: number;
        };
        Hall: {
            address?: string;
            areas: components["schemas"]["HallArea"][] | null;
            code: string;
            kinds: components["schemas"]["HallKind"][] | null;
            name: {
                [key: string]: string;
            };
            phone?: string;
            unit: string;
            windows: components["schemas"]["HallWindow"][] | null;
        };
        HallArea: {
            code: string;
            /** Format: int64 */
            first: number;
            /** Format: int64 */
            last: number;
            name: {
                [key: string]: string;
            };
            prefix: string;
        };
        HallBoard: {
            address?: string;
            /** Format: date-time */
            at: string;
            /** @description Called last first */
            calls: components["schemas"]["BoardCall"][] | null;
            /** @description Of priority */
            classes: components["schemas"]["Priority"][] | null;
            code: string;
            kinds: components["schemas"]["BoardKind"][] | null;
            /** @description Numbers that may come back today */
            missed: string[] | null;
            name: {
                [key: string]: string;
            };
            open: boolean;
            phone?: string;
            /** @description Proves that one is here today: for the hall's own screens */
            presence?: string;
            windows: components["schemas"]["BoardWindow"][] | null;
        };
        HallCount: {
            code: string;
            /** Format: int64 */
            n: number;
            name: {
                [key: string]: string;
            };
        };
        HallDay: {
            board: components["schemas"]["HallBoard"];
            closes?: string;
            day: string;
            estimates: components["schemas"]["EstimateQuality"][] | null;
            figures: components["schemas"]["HallFigure"][] | null;
            hall: components["schemas"]["Hall"];
            /** @description Opens the hall's own screens: kiosk, board */
            kiosk_key: string;
            open: boolean;
            /** @description Set for this day by the manager */
            opens?: string;
            /** @description Windows that the plan has open now */
            planned: string[] | null;
            sittings: components["schemas"]["Sitting"][] | null;
        };
        HallFigure: {
            definition: {
                [key: string]: string;
            };
            id: string;
            /**
             * Format: int64
             * @description Of how many
             */
            n: number;
            /** Format: double */
            value: number;
        };
        HallForecast: {
            day: string;
            /**
             * Format: int64
             * @description Same weekdays that it stands on
             */
            days: number;
            halves: components["schemas"]["HalfHour"][] | null;
        };
        HallHead: {
            address?: string;
            code: string;
            /** @description The caller works there */
            mine?: boolean;
            name: {
                [key: string]: string;
            };
            open: boolean;
            phone?: string;
            /** Format: int64 */
            waiting: number;
            /**
             * Format: int64
             * @description Open now
             */
            windows: number;
        };
        HallKind: {
            area: string;
            /** @description May be booked */
            book: boolean;
            code: string;
            /** @description Service items, by the beginnings of their codes */
            items?: string[] | null;
            /**
             * Format: int64
             * @description What one usually takes, until it has been measured
             */
            minutes: number;
            name: {
                [key: string]: string;
            };
        };
        HallRefusal: {
            /** Format: date-time */
            at: string;
            basis: string;
            by: string;
            hall: string;
            id: string;
            kind: string;
            note?: string;
            /** @description Masked */
            said: string;
            /** @enum {string} */
            verdict?: "right" | "wrong";
            window: string;
        };
        HallWindow: {
            area: string;
            channels: string[] | null;
            code: string;
            kinds: string[] | null;
            name: {
                [key: string]: string;
            };
            /** @enum {string} */
            sort: "comprehensive" | "special";
        };
        HallWord: {
            code: string;
            name: {
                [key: string]: string;
            };
        };
        Handling: {
            /** @description What is ticked at the counter (受理标准) */
            acceptance?: components["schemas"]["AcceptPoint"][] | null;
            /** @description How long the applicant has to correct: 30d when absent */
            correct?: string;
            fee?: components["schemas"]["ItemFee"];
            form: components["schemas"]["Sheet"];
            /** @description The decision pack (秒批决策包); empty where a person decides */
            instant?: string;
            /** @description What is issued when it is granted */
            licence?: components["schemas"]["LicenceSpec"];
            materials?: components["schemas"]["ItemMaterial"][] | null;
            /** @description How long what is owed after a tolerant grant (容缺) may take: 10wd when absent */
            owe?: string;
            /** @description Commitment in place of proof (告知承诺) */
            promise?: components["schemas"]["ItemPromise"];
            /** @description Questions (情形引导) asked before the form */
            situation?: components["schemas"]["Sheet"];
            /** @description Special procedures (特别程序) that the law allows */
            special?: components["schemas"]["SpecialKind"][] | null;
            /**
             * @description Who may apply
             * @enum {string}
             */
            subject: "person" | "enterprise";
        };
        Handover: {
            /** @description The last entry that a shift confirmed to have read */
            confirmed?: string;
            /** @description The newest first */
            entries: components["schemas"]["HandoverEntry"][] | null;
            /** @description Items that no entry has ended, the oldest first */
            open: components["schemas"]["HandoverEntry"][] | null;
        };
        HandoverEntry: {
            about?: string;
            actor: string;
            /** Format: date-time */
            at: string;
            author: string;
            id: string;
            /** @enum {string} */
            kind: "note" | "open" | "done" | "confirm";
            shift: string;
            text: string;
        };
        Heat: {
            /** Format: date-time */
            at: string;
            /** Format: double */
            dissatisfied: number;
            /** Format: double */
            fresh: number;
            /** Format: double */
            growth: number;
            /** Format: double */
            people: number;
            /** Format: double */
            total: number;
            /** Format: double */
            votes: number;
        };
        Helper: {
            /** Format: int64 */
            blanks: number;
            /** @description A reply to edit: what is not known is 【】, and it cannot be sent before that is filled in */
            draft: string;
            duty?: components["schemas"]["DutyAid"];
            /** @description Numbers of the solved matters that the draft takes up */
            from?: string[] | null;
            /** @description Whether a language model can better its wording */
            model: boolean;
            similar: components["schemas"]["Solved"][] | null;
        };
        Hold: {
            /** Format: date-time */
            at: string;
            by: string;
            id: string;
            matter: string;
            no: string;
            reason: string;
            release?: string;
            /** Format: date-time */
            released_at?: string;
            title: string;
        };
        ImportRun: {
            /** Format: date-time */
            created_at?: string;
            /** Format: date-time */
            ended_at?: string;
            error?: string;
            /** @description SHA-256 of the file */
            file_hash: string;
            /** Format: int64 */
            file_size: number;
            id: string;
            /** Format: int64 */
            imported: number;
            /** @description The file lies here, sealed: it can be continued, and its rejects fetched */
            kept: boolean;
            /**
             * Format: int64
             * @description Line of the file up to which it is done
             */
            line: number;
            /** @description What was odd about rows that were not refused, and how many */
            notes?: {
                [key: string]: number;
            };
            origin: string;
            /**
             * Format: int64
             * @description Were here already
             */
            present: number;
            profile: string;
            /** Format: int64 */
            read: number;
            /** Format: int64 */
            refused: number;
            source: string;
            started_by?: string;
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            /**
             * Format: int64
             * @description Rows of the file; 0 until it was looked through
             */
            total: number;
            /** Format: date-time */
            updated_at?: string;
        };
        Inbox: {
            items: components["schemas"]["Notice"][] | null;
            next?: string;
            /** Format: int64 */
            unread: number;
        };
        Indicator: {
            count?: string;
            definition: {
                [key: string]: string;
            };
            exclude?: string;
            grain: string;
            how: string;
            id: string;
            /** Format: int64 */
            least?: number;
            low?: boolean;
            name: {
                [key: string]: string;
            };
            unit: string;
            value: string;
        };
        Item: {
            /** Format: double */
            cap?: number;
            /** Format: double */
            floor: number;
            /** Format: double */
            full: number;
            indicator: string;
            /** Format: double */
            none?: number;
            /** Format: double */
            slope: number;
            /** Format: double */
            target: number;
        };
        ItemCount: {
            code: string;
            /**
             * Format: int64
             * @description Filed in the last 30 days
             */
            filed: number;
            name: string;
            /** Format: int64 */
            open: number;
        };
        ItemDays: {
            /** Format: int64 */
            n: number;
            /**
             * @description 工作日, 自然日
             * @enum {string}
             */
            unit: "working" | "calendar";
        };
        ItemElements: {
            /** @description What people call it (俗称) */
            aliases?: string[] | null;
            /** @description Basic code, 12 characters */
            basic?: string;
            /** @description Credit code of the department */
            body?: string;
            bookable?: boolean;
            /** @description Main item (主项) */
            catalog?: string;
            /** @description Implementation code, 31 or 33 characters, or the source's own */
            code?: string;
            /** @description 监督电话 */
            complaints?: string;
            /** @description 受理条件 */
            conditions?: string;
            department: string;
            /** @description The result may be sent by post */
            express?: boolean;
            /** @description How it is applied for here (办理要件) */
            handling?: components["schemas"]["Handling"];
            /** @description 设定依据 */
            laws?: string[] | null;
            /** @description Legal time (法定办结时限) */
            legal?: components["schemas"]["ItemDays"];
            level?: string;
            materials?: string[] | null;
            name: string;
            /** @description Whom it serves (服务对象) */
            objects?: string[] | null;
            /** @description 网办 */
            online?: boolean;
            /** @description Other departments that take part (联办机构) */
            partners?: string;
            phone?: string;
            place?: string;
            /** @description System that takes applications */
            platform?: string;
            /** @description Promised time (承诺办结时限) */
            promised?: components["schemas"]["ItemDays"];
            /** @description Administrative division */
            region?: string;
            source_state?: string;
            /** @description Situation or sub-item (子项) */
            sub?: string;
            themes?: string[] | null;
            /** @description 01 行政许可, 05 给付, 06 检查, 07 确认, 08 奖励, 09 裁决, 10 其他行政权力, 20 公共服务 */
            type?: string;
            url?: string;
            /**
             * Format: int64
             * @description How often one must come (到现场次数)
             */
            visits?: number;
        };
        ItemFee: {
            /**
             * Format: int64
             * @description Fen
             */
            amount: number;
            /** @description The law that allows it */
            basis: string;
            name: {
                [key: string]: string;
            };
        };
        ItemFlaw: {
            code: string;
            detail?: string;
            /** @description Of the item's elements */
            element: string;
            /**
             * Format: int64
             * @description Points that it costs, of 100
             */
            weight: number;
        };
        ItemHead: {
            /** Format: date-time */
            changed_at: string;
            code?: string;
            /** Format: int64 */
            days_saved?: number;
            department: string;
            id: string;
            name: string;
            online?: boolean;
            region?: string;
            /** Format: int64 */
            score: number;
            state: string;
            type: string;
            /** Format: int64 */
            version: number;
        };
        ItemMaterial: {
            /** @description What it must show (受理标准) */
            accept?: {
                [key: string]: string;
            };
            id: string;
            law?: string;
            /** @description Of source licence: its type */
            licence?: string;
            /**
             * Format: int64
             * @description Files: 5 when absent
             */
            most?: number;
            name: {
                [key: string]: string;
            };
            /** @description The original is looked at */
            original?: boolean;
            /** @description A written commitment may stand for it (告知承诺) */
            promise?: boolean;
            /**
             * @description Brought by the applicant, fetched as an e-certificate (电子证照), fetched from another department, made here of the form
             * @enum {string}
             */
            source: "applicant" | "licence" | "shared" | "made";
            /** @description May be brought later (容缺) */
            tolerate?: boolean;
            /** @description Condition over situation and form; always when empty */
            when?: string;
        };
        ItemPromise: {
            /** @description How soon the authority looks whether it is kept (事后核查) */
            check: string;
            text: {
                [key: string]: string;
            };
        };
        ItemsOfDepartment: {
            /** Format: int64 */
            days_saved: number;
            department: string;
            /** Format: int64 */
            items: number;
            /** Format: int64 */
            online: number;
            /** Format: int64 */
            online_known: number;
            /** Format: double */
            score: number;
            /** Format: int64 */
            timed: number;
        };
        ItemsPage: {
            items: components["schemas"]["ItemHead"][] | null;
            /** @description After which the next page begins; absent on the last, and of what was searched */
            next?: string;
        };
        ItemsStanding: {
            /** @description By department, the lowest score first */
            by: components["schemas"]["ItemsOfDepartment"][] | null;
            /** Format: int64 */
            days_saved: number;
            /** Format: int64 */
            items: number;
            /**
             * Format: int64
             * @description Of those published that say so
             */
            online: number;
            /**
             * Format: int64
             * @description How many say whether they are
             */
            online_known: number;
            /**
             * Format: double
             * @description Mean of the standardisation checks
             */
            score: number;
            /**
             * Format: int64
             * @description How many tell both times in the same days
             */
            timed: number;
            types: {
                [key: string]: number;
            };
        };
        JudgedReply: {
            /** Format: date-time */
            at?: string;
            /** @description Codes of its signals, between spaces */
            codes: string;
            item: string;
            matter: string;
            no: string;
            reply: string;
            /** Format: int64 */
            score: number;
            title: string;
            unit: string;
            verdict: string;
        };
        Judgment: {
            /** @description The demands, and what of the reply answers each */
            answers?: components["schemas"]["Answer"][] | null;
            honest?: boolean;
            /** Format: int64 */
            score: number;
            signals: components["schemas"]["Signal"][] | null;
            /** @enum {string} */
            verdict: "pass" | "second_look" | "block";
        };
        "Keep-figure-viewRequest": {
            name: string;
            query: components["schemas"]["FigureQuery"];
            shared?: boolean;
        };
        Key: {
            account: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at?: string;
            id: string;
            name: string;
            /** Format: date-time */
            revoked_at?: string;
            scopes: string;
        };
        Kind: {
            code: string;
            detail?: string;
            handle_class: string;
            name: {
                [key: string]: string;
            };
            visit: boolean;
        };
        KnowledgeEvent: {
            actor?: string;
            actor_name?: string;
            /** Format: date-time */
            at: string;
            data: unknown;
            kind: string;
            /** Format: int64 */
            seq: number;
            unit?: string;
        };
        KnowledgeImport: {
            /**
             * Format: int64
             * @description New drafts
             */
            added: number;
            /**
             * Format: int64
             * @description Entries that have a new draft
             */
            changed: number;
            /** @description The refused rows with line and reason, as CSV: mended, it can be handed in again */
            file?: string;
            rejected: components["schemas"]["KnowledgeReject"][] | null;
            /** Format: int64 */
            same: number;
        };
        KnowledgePage: {
            allowed: string[] | null;
            article: components["schemas"]["Article"];
            events: components["schemas"]["KnowledgeEvent"][] | null;
            /** @description The text that answers, where the newest is another */
            live_now?: components["schemas"]["Entry"];
            /**
             * Format: int64
             * @description How often it answered in the last 30 days
             */
            said: number;
            /** @description Its versions, the newest first */
            texts: components["schemas"]["KnowledgeText"][] | null;
            /** Format: int64 */
            useful: number;
            /** Format: int64 */
            useless: number;
            /** @description What readers say is wrong with it, the newest first */
            wrong: components["schemas"]["KnowledgeReport"][] | null;
        };
        KnowledgeQuestion: {
            allowed: string[] | null;
            /** Format: int64 */
            asked: number;
            /** @description The entry that is to answer it */
            entry?: string;
            /** Format: date-time */
            first_at: string;
            id: string;
            /** Format: date-time */
            last_at: string;
            /** Format: int64 */
            seq: number;
            /** @description Kind and identifier of the answer of no use */
            source?: string;
            /** @description Asked by staff alone */
            staff?: boolean;
            /** @enum {string} */
            state: "open" | "assigned" | "dismissed" | "answered";
            text: string;
            unit?: string;
            unit_name?: string;
            /**
             * Format: int64
             * @description Of these, answered and called of no use
             */
            useless?: number;
        };
        KnowledgeReject: {
            code: string;
            field: string;
            /** Format: int64 */
            line: number;
            reason: string;
        };
        KnowledgeReport: {
            /** Format: date-time */
            at: string;
            code: string;
            /** Format: date-time */
            done_at?: string;
            /** Format: date-time */
            due_at: string;
            entry: string;
            id: string;
            note?: string;
            /** @enum {string} */
            outcome?: "corrected" | "unfounded" | "";
            text: string;
            title: string;
            unit: string;
            /** Format: int64 */
            version: number;
        };
        KnowledgeStanding: {
            categories: string[] | null;
            /**
             * Format: int64
             * @description Open and assigned questions that the caller may see
             */
            questions: number;
            states: {
                [key: string]: number;
            };
        };
        KnowledgeStep: {
            /** @enum {string} */
            action: "write" | "submit" | "recall" | "publish" | "reject" | "withdraw" | "discard" | "renew" | "settle";
            /** @description write: the new text */
            entry?: components["schemas"]["Entry"];
            /** @description Why; reject, withdraw and settle need it */
            note?: string;
            /**
             * @description settle
             * @enum {string}
             */
            outcome?: "corrected" | "unfounded" | "";
            /** @description settle: the report that is answered */
            report?: string;
            /**
             * Format: int64
             * @description Of the entry as the caller saw it
             */
            seq: number;
        };
        KnowledgeText: {
            actor_name?: string;
            /** Format: date-time */
            at: string;
            entry: components["schemas"]["Entry"];
            /** @enum {string} */
            origin: "pack" | "person" | "table";
            /** Format: int64 */
            version: number;
        };
        LadderLevel: {
            level: string;
            name: {
                [key: string]: string;
            };
        };
        LateCount: {
            /** Format: int64 */
            late: number;
            /** @description 2018-02, in the district's time */
            month: string;
            /**
             * Format: int64
             * @description Appeals of which the source says whether they were late
             */
            total: number;
            /** @description As the source spells it, or as it is counted here */
            unit: string;
        };
        Law: {
            ref: string;
            text?: string;
        };
        Lead: {
            address?: string;
            /** @description Filed as it, or merged into it */
            appeal?: string;
            appeal_no?: string;
            appeal_state?: string;
            community?: string;
            /**
             * Format: double
             * @description How sure the source is, from 0 to 1
             */
            confidence: number;
            external: string;
            files: string[] | null;
            /** Format: date-time */
            found_at: string;
            id: string;
            item?: string;
            item_name?: string;
            /**
             * Format: double
             * @description How sure the guess of the item is; 1 where a person or the source named it
             */
            item_p: number;
            /** Format: double */
            lat?: number;
            link?: string;
            /** Format: double */
            lon?: number;
            place_name?: string;
            /** @description The numbers behind a forecast */
            reason?: unknown;
            source: string;
            /** @enum {string} */
            state: "found" | "verified" | "filed" | "merged" | "refused";
            street?: string;
            text: string;
            title: string;
            /** Format: int64 */
            version: number;
        };
        LeadEvent: {
            actor?: string;
            actor_name?: string;
            /** Format: date-time */
            at: string;
            data: unknown;
            /** @enum {string} */
            kind: "found" | "correct" | "verify" | "file" | "refuse" | "merge" | "reopen";
            /** Format: int64 */
            seq: number;
            unit?: string;
        };
        LeadFigures: {
            /**
             * Format: int64
             * @description Filed ones that are closed
             */
            closed: number;
            /**
             * Format: double
             * @description Median of the days from finding to that first complaint
             */
            days?: number;
            /** Format: int64 */
            filed: number;
            /**
             * Format: int64
             * @description Filed ones about whose place and item a citizen complained later
             */
            followed: number;
            /** Format: int64 */
            found: number;
            /**
             * Format: double
             * @description Verified, filed or merged, of all that was decided, from 0 to 1
             */
            hit?: number;
            /** Format: int64 */
            merged: number;
            /** Format: int64 */
            refused: number;
            /**
             * Format: double
             * @description Of the closed ones: solved counts 1, partly 0.5
             */
            solved?: number;
            source: string;
            /**
             * Format: int64
             * @description Nobody has verified them yet
             */
            waiting: number;
        };
        LeadPage: {
            allowed: string[] | null;
            /** @description Open appeals that say the same, the likeliest first */
            candidates: components["schemas"]["Related"][] | null;
            events: components["schemas"]["LeadEvent"][] | null;
            lead: components["schemas"]["Lead"];
            /** @description It was not there before */
            new?: boolean;
        };
        LeadReject: {
            code: string;
            field: string;
            /** Format: int64 */
            line: number;
        };
        LeadStanding: {
            /** Format: int64 */
            days: number;
            feeds: components["schemas"]["FeedStanding"][] | null;
            sources: components["schemas"]["LeadFigures"][] | null;
        };
        LeadStep: {
            /** @enum {string} */
            action: "correct" | "verify" | "file" | "refuse" | "merge" | "reopen";
            /** @description merge: the open appeal that says the same */
            into?: string;
            /** @description correct: the duty item */
            item?: string;
            /** @description Why; refuse and reopen need it */
            note?: string;
            /** @description correct: a street or community */
            place?: string;
            /** @description correct */
            title?: string;
            /**
             * Format: int64
             * @description Of the lead as the caller saw it
             */
            version: number;
        };
        LeadTable: {
            /** Format: int64 */
            added: number;
            rejected: components["schemas"]["LeadReject"][] | null;
            /**
             * Format: int64
             * @description Rows that were there already
             */
            twice: number;
        };
        Lent: {
            number: string;
            /** Format: date-time */
            until: string;
        };
        Letter: {
            /** Format: date-time */
            at: string;
            basis: string;
            /** @description Who drafted it */
            by: string;
            conclusion: string;
            facts: string;
            hash: string;
            id: string;
            /** Format: date-time */
            issued_at?: string;
            number?: string;
            /**
             * Format: int64
             * @description By how many appellants it was read
             */
            read: number;
            remedy: string;
            /**
             * Format: int64
             * @description To how many appeals it went
             */
            sent: number;
        };
        LetterView: {
            about: string;
            /** Format: date-time */
            at: string;
            basis: string;
            conclusion: string;
            facts: string;
            /** @description Of the appeal */
            no: string;
            number: string;
            /** Format: date-time */
            read_at?: string;
            remedy: string;
            title: string;
            unit: string;
            /** @description Last day on which a review may be asked for; counted from when the appellant read it */
            until?: string;
        };
        Licence: {
            case?: string;
            from: string;
            /** @description Masked, but to the holder */
            holder: string;
            id: string;
            /** @description 证照标识, GB/T 36904-2018 */
            identifier: string;
            /** Format: date-time */
            issued_at: string;
            issuer: string;
            name: {
                [key: string]: string;
            };
            no: string;
            /** @description What stands on it: for the holder alone */
            shown?: components["schemas"]["LicenceLine"][] | null;
            /** @enum {string} */
            status: "valid" | "suspended" | "recalled" | "revoked" | "cancelled" | "replaced" | "expired";
            /** @description Absent: for good */
            to?: string;
            /** @description Of the page that verifies it: /verify/{token} */
            token?: string;
            /** @description 证照类型代码 */
            type: string;
            /** Format: int64 */
            version: number;
        };
        LicenceLine: {
            title: string;
            value: string;
        };
        LicenceSpec: {
            /** @description What the decision pack grants that stands on it */
            grant?: string[] | null;
            name: {
                [key: string]: string;
            };
            /** @description Answers of the form that stand on it */
            show?: string[] | null;
            /** @description 证照类型代码, 21 characters: credit code of the type's owner, and 3 (GB/T 36904-2018) */
            type: string;
            /** @description How long, as 5y or 12m; for good when empty */
            valid?: string;
        };
        Line: {
            /** Format: double */
            denominator: number;
            /** Format: int64 */
            excluded?: number;
            /** Format: double */
            full?: number;
            id: string;
            manual?: boolean;
            /** Format: double */
            numerator: number;
            /** Format: double */
            points?: number;
            skipped?: boolean;
            /** Format: double */
            value?: number;
        };
        Link: {
            /** Format: date-time */
            at: string;
            /** @description The other one was linked to this */
            backward?: boolean;
            id: string;
            /** @enum {string} */
            kind: "repeat" | "recurrence";
            no: string;
            note?: string;
            title: string;
        };
        LinkInputBody: {
            /** @enum {string} */
            kind: "repeat" | "recurrence";
            note?: string;
            other: string;
        };
        Listed: {
            disabled: boolean;
            id: string;
            kind: string;
            /** @description Signs in by the district's identity provider */
            linked: boolean;
            /** Format: date-time */
            locked_until?: string;
            login: string;
            name: string;
            roles: components["schemas"]["Grant"][] | null;
            second_factor: boolean;
            /** Format: int64 */
            sessions: number;
            unit: string;
        };
        "Log-refusalRequest": {
            /** @description The rule that it stands on */
            basis: string;
            /** @description What was refused, and why */
            said: string;
            ticket?: string;
        };
        Look: {
            /** Format: date-time */
            done_at?: string;
            /** Format: date-time */
            drawn_at?: string;
            /** Format: date-time */
            due_at?: string;
            finding?: string;
            id: string;
            item: string;
            item_name: string;
            matter: string;
            no: string;
            note?: string;
            place: string;
            reply: string;
            /** Format: int64 */
            score?: number;
            title: string;
            unit: string;
            /** @enum {string} */
            why: "sample" | "verdict";
        };
        "Look-at-refusalRequest": {
            note?: string;
            right: boolean;
        };
        LookView: {
            /** Format: date-time */
            at?: string;
            no?: string;
            reason: string;
            unit: string;
            what: string;
        };
        LossRow: {
            /** @description State of the appeal against it, if there is one */
            asked?: string;
            /** @description The indicator or deduction */
            item: string;
            matter: string;
            no: string;
            /** Format: double */
            points: number;
            state: string;
            title: string;
        };
        Made: {
            id: string;
            /** @description To begin with; shown once */
            password?: string;
        };
        "Make-meetingRequest": {
            kind: string;
        };
        "Make-reportRequest": {
            /** @description Of a special report: dimensions (street, item, unit, kind, channel, community) to values */
            about?: {
                [key: string]: string[] | null;
            };
            kind: string;
            /** @description 2026-11-26 (day), 2026-W48, 2026-11, 2026, or 2026-11-01..2026-11-15 (free) */
            period: string;
        };
        Map: {
            areas: components["schemas"]["Area"][] | null;
            caption: string;
            unit?: string;
        };
        MapPoint: {
            /** @description The middle of its community: no point was given */
            around?: boolean;
            class: string;
            id: string;
            /** Format: double */
            lat: number;
            late: boolean;
            /**
             * Format: double
             * @description WGS-84
             */
            lon: number;
            no: string;
            state: string;
            title: string;
            unit?: string;
        };
        MapPoints: {
            /** @description There are older ones that were not looked at */
            more: boolean;
            points: components["schemas"]["MapPoint"][] | null;
            /**
             * Format: int64
             * @description How many of those looked at have neither a point nor a community
             */
            unplaced: number;
        };
        Mark: {
            clock: string;
            /** Format: int64 */
            index: number;
            level: string;
            /** Format: int64 */
            n: number;
        };
        MarkAt: {
            after?: string;
            level: string;
            share?: string;
        };
        Masked: {
            id: string;
            name: string;
            phone: string;
        };
        Matter: {
            asker?: string;
            assignee?: string;
            class: string;
            /** Format: date-time */
            closed_at?: string;
            desk?: string;
            /** Format: date-time */
            due_at?: string;
            first_unit?: string;
            flow: string;
            id: string;
            item: string;
            late: boolean;
            merged?: string;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at?: string;
            parent?: string;
            place: string;
            state: string;
            system: string;
            title: string;
            /** Format: date-time */
            total_due?: string;
            unit: string;
            /** Format: date-time */
            updated_at?: string;
            vars: {
                [key: string]: number;
            };
            /** Format: int64 */
            version: number;
        };
        MatterAsk: {
            hall: string;
            id_number?: string;
            item?: string;
            name?: string;
            phone?: string;
            scope?: string;
            text: string;
            /** @enum {string} */
            way?: "hall" | "door" | "after" | "";
            where?: string;
            wish?: string;
        };
        MatterClock: {
            /** Format: date-time */
            due_at: string;
            limit: string;
            name: string;
            outcome: string;
            /** Format: date-time */
            stopped_at?: string;
            title: {
                [key: string]: string;
            };
        };
        MatterDoBody: {
            action: string;
            form?: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            version?: number;
        };
        MatterHead: {
            cause?: string;
            /** Format: date-time */
            closed_at?: string;
            /** Format: date-time */
            due_at?: string;
            grade?: string;
            hall: string;
            id: string;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at: string;
            scope?: string;
            state: string;
            state_name: {
                [key: string]: string;
            };
            title: string;
            unit: string;
            unit_name: string;
        };
        MatterMade: {
            /** @description It is not for this window: where to go */
            guide?: components["schemas"]["StuckScope"];
            id?: string;
            no?: string;
        };
        MatterPage: {
            can: components["schemas"]["Action"][] | null;
            cause?: string;
            clocks: components["schemas"]["MatterClock"][] | null;
            /** Format: date-time */
            closed_at?: string;
            /** Format: date-time */
            due_at?: string;
            fix?: string;
            grade?: string;
            hall: string;
            id: string;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at: string;
            person?: components["schemas"]["Masked"];
            scope?: string;
            state: string;
            state_name: {
                [key: string]: string;
            };
            steps: components["schemas"]["MatterStep"][] | null;
            text: string;
            title: string;
            unit: string;
            unit_name: string;
            /** Format: int64 */
            version: number;
        };
        MatterStep: {
            action: string;
            /** Format: date-time */
            at: string;
            by?: string;
            form?: {
                [key: string]: unknown;
            };
            title: {
                [key: string]: string;
            };
        };
        Me: {
            id: string;
            /** @enum {string} */
            kind: "staff" | "citizen" | "service";
            name: string;
            roles: components["schemas"]["Grant"][] | null;
            second_factor: boolean;
            unit?: string;
            unit_name?: string;
        };
        Meeting: {
            /**
             * Format: date-time
             * @description When it is held
             */
            at: string;
            /** @description Given by the meetings of its kind before, and open when it was held; late ones first */
            carried: components["schemas"]["MeetingTask"][] | null;
            day: string;
            /** @description Ended between the meeting before and this one */
            ended: components["schemas"]["MeetingTask"][] | null;
            figures: components["schemas"]["MeetingFigure"][] | null;
            /** @description Given by this meeting */
            given: components["schemas"]["MeetingTask"][] | null;
            id: string;
            kind: string;
            minutes: components["schemas"]["MeetingMinute"][] | null;
            /**
             * Format: int64
             * @description Tasks of its kind that are open now
             */
            open_tasks: number;
            reports: components["schemas"]["ReportHead"][] | null;
            title: string;
        };
        MeetingFigure: {
            figure: string;
            /** @description Which line of the query's answer it is */
            line?: {
                [key: string]: string;
            };
            /** @description Its definition */
            means?: string;
            /**
             * Format: int64
             * @description Its place in the report's figures
             */
            n: number;
            name: string;
            position: string;
            query: components["schemas"]["FigureQuery"];
            report: string;
            /** @description Path of the list behind it, where a list can say it */
            rows?: string;
            unit?: string;
            /**
             * Format: double
             * @description None where the denominator is nothing
             */
            value: number | null;
        };
        MeetingHead: {
            /**
             * Format: date-time
             * @description When it is held
             */
            at: string;
            day: string;
            id: string;
            kind: string;
            /**
             * Format: int64
             * @description Tasks of its kind that are open now
             */
            open_tasks: number;
            title: string;
        };
        MeetingKind: {
            at: string;
            /** Format: int64 */
            day?: number;
            figures: string[] | null;
            id: string;
            name: {
                [key: string]: string;
            };
            reports: string[] | null;
            title: string;
            /** @enum {string} */
            window: "day" | "week" | "month";
        };
        MeetingMinute: {
            actor: string;
            /** Format: date-time */
            at: string;
            id: string;
            text: string;
        };
        MeetingTask: {
            allowed: string[] | null;
            /** Format: date-time */
            ended_at?: string;
            events: components["schemas"]["MeetingTaskEvent"][] | null;
            /** @description The unit says that it is done; the meeting has not said so */
            finished: boolean;
            /** Format: date-time */
            given_at: string;
            id: string;
            kind: string;
            /** @description Open, and past its day */
            late: boolean;
            meeting: string;
            meeting_day: string;
            person?: string;
            person_name?: string;
            /** @enum {string} */
            state: "open" | "done" | "dropped";
            unit: string;
            unit_name: string;
            /** @description Local day, included */
            until: string;
            /** Format: int64 */
            version: number;
            what: string;
        };
        MeetingTaskEvent: {
            actor: string;
            /** Format: date-time */
            at: string;
            /** @description report: the unit is done with it */
            finished?: boolean;
            /** @enum {string} */
            kind: "give" | "report" | "done" | "drop" | "move" | "reopen";
            note?: string;
            /** @description give: somebody of the unit */
            person?: string;
            /** Format: int64 */
            seq: number;
            /** @description give: the unit */
            to?: string;
            unit?: string;
            /** @description give, move: local day, included */
            until?: string;
            /** @description give */
            what?: string;
        };
        "Mend-city-differenceRequest": {
            /** @enum {string} */
            act: "take_in" | "resend" | "take_theirs" | "ignore";
            /** @description take_theirs and ignore need it */
            reason?: string;
        };
        Mention: {
            account?: string;
            name?: string;
            /** @description Code of the unit, or of the person's */
            unit: string;
        };
        "Merge-appealsRequest": {
            ids: string[] | null;
            reason: string;
        };
        Mode: {
            /**
             * Format: int64
             * @description Approvals a day; 0 no cap
             */
            cap: number;
            /** Format: date-time */
            changed_at?: string;
            /** @enum {string} */
            mode: "off" | "shadow" | "canary" | "on";
            pack: string;
            /** Format: int64 */
            seq: number;
            /**
             * Format: int64
             * @description Percent of the applications, while canary
             */
            share: number;
            /** @description The kill switch (紧急停用) */
            stopped: boolean;
        };
        Moment: {
            action: string;
            actor?: string;
            /** Format: date-time */
            at?: string;
            /** @description Who delegated the role to the actor */
            for?: string;
            form?: {
                [key: string]: unknown;
            };
            from?: string;
            /** @description What people call the item that the form names */
            item_name?: string;
            mark?: components["schemas"]["Mark"];
            /** Format: int64 */
            seq: number;
            title: {
                [key: string]: string;
            };
            to?: string;
            unit?: string;
        };
        MyAccount: {
            /** @description Absent for those who only sign in elsewhere */
            has_password: boolean;
            /** @description Signs in by the district's identity provider */
            linked: boolean;
            login: string;
            /** Format: int64 */
            min_password: number;
            /** Format: int64 */
            recovery_left: number;
            /** @description What the caller's roles are called */
            roles: components["schemas"]["Role"][] | null;
            second_factor: boolean;
            sessions: components["schemas"]["Session"][] | null;
        };
        MyTicket: {
            address?: string;
            /**
             * Format: int64
             * @description Called before it
             */
            ahead: number;
            area: string;
            /** @description Last day to come back with papers */
            back_by?: string;
            /** Format: date-time */
            called_at?: string;
            /** Format: int64 */
            calls: number;
            /** @description What its person may do */
            can: string[] | null;
            /** @enum {string} */
            channel: "counter" | "phone" | "video";
            /** @description Of priority */
            class?: string;
            day: string;
            /** Format: date-time */
            ended_at?: string;
            /**
             * Format: int64
             * @description Seconds of waiting foretold when it was queued first
             */
            est?: number;
            /** Format: int64 */
            est_high?: number;
            /** Format: int64 */
            est_low?: number;
            /** @description While it waits */
            estimate?: components["schemas"]["Estimate"];
            hall: string;
            hall_name: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description Confirm the slot until then
             */
            hold?: string;
            id: string;
            /** @description Opens it without signing in: it stands on the paper */
            key?: string;
            kind: string;
            kind_name: {
                [key: string]: string;
            };
            /** Format: int64 */
            missed: number;
            /** @description Masked */
            name?: string;
            /** @description What is called; absent until the person has come */
            no?: string;
            /** Format: date-time */
            queued_at?: string;
            /**
             * Format: int64
             * @description At the window, µs, without what was parked
             */
            serve_us: number;
            services: components["schemas"]["TicketService"][] | null;
            /** Format: date-time */
            slot?: string;
            /** @enum {string} */
            source: "kiosk" | "phone" | "reception";
            /** Format: date-time */
            started_at?: string;
            state: string;
            /** Format: date-time */
            taken_at: string;
            target?: string;
            /** Format: int64 */
            version: number;
            /**
             * Format: int64
             * @description Waiting time, µs: in the queue until called
             */
            wait_us: number;
            /** @description What to come back with */
            wanting?: string;
            /**
             * Format: int64
             * @description Way time, µs: from the call to the window
             */
            way_us: number;
            window_name?: {
                [key: string]: string;
            };
        };
        NeededMaterial: {
            /** @description What it must show (受理标准) */
            accept?: {
                [key: string]: string;
            };
            id: string;
            law?: string;
            /** @description Of source licence: its type */
            licence?: string;
            /**
             * Format: int64
             * @description Files: 5 when absent
             */
            most?: number;
            name: {
                [key: string]: string;
            };
            /** @description The original is looked at */
            original?: boolean;
            /** @description A written commitment may stand for it (告知承诺) */
            promise?: boolean;
            /**
             * @description Brought by the applicant, fetched as an e-certificate (电子证照), fetched from another department, made here of the form
             * @enum {string}
             */
            source: "applicant" | "licence" | "shared" | "made";
            /**
             * @description fetched: nothing need be brought (免提交)
             * @enum {string}
             */
            state: "missing" | "got" | "fetched" | "made" | "promised";
            /** @description May be brought later (容缺) */
            tolerate?: boolean;
            /** @description Condition over situation and form; always when empty */
            when?: string;
        };
        NewApplication: {
            /** @description At a counter: name, phone, id_number of who stands there */
            applicant?: {
                [key: string]: string;
            };
            /** @description At a counter: the applicant agrees that the clerk fills it in with them (辅助申报) */
            consent?: boolean;
            item: string;
        };
        NewDossier: {
            /** @description Which matter it is: what makes two appeals the same */
            about: string;
            appeals: string[] | null;
            reason: string;
            title: string;
            /** @description Who answers for it */
            unit: string;
        };
        NewHandover: {
            /** @description done: the open item that it ends; confirm: the last entry that was read */
            about?: string;
            /** @enum {string} */
            kind: "note" | "open" | "done" | "confirm";
            /** @description Day and name: 2026-11-27 早班 */
            shift: string;
            text?: string;
        };
        NewKey: {
            id: string;
            /** @description Shown once */
            key: string;
        };
        NewLead: {
            address?: string;
            /**
             * Format: double
             * @description How sure the source is; 0.5 when absent
             */
            confidence?: number;
            /** @description The source's own number: the same source and number are the same lead */
            external?: string;
            files?: string[] | null;
            /**
             * Format: date-time
             * @description Now when absent
             */
            found_at?: string;
            /** @description Code of a duty item; guessed when absent */
            item?: string;
            /** Format: double */
            lat?: number;
            /** @description Where the evidence is */
            link?: string;
            /**
             * Format: double
             * @description WGS-84
             */
            lon?: number;
            /** @description Code of a street or community */
            place?: string;
            /** @description Who found it: patrol, media, a system's name */
            source: string;
            /** @description 5 to 4,000 characters */
            text: string;
            title?: string;
        };
        NewNote: {
            /** @description A note of the caller's own that this one corrects */
            corrects?: string;
            /** @description Accounts that are asked to look */
            people?: string[] | null;
            text: string;
            units?: string[] | null;
        };
        Note: {
            actor: string;
            /** Format: date-time */
            at: string;
            /** @description The note that corrects it */
            corrected?: string;
            /** @description The note that it corrects */
            corrects?: string;
            id: string;
            mentions: components["schemas"]["Mention"][] | null;
            mine?: boolean;
            text: string;
            /** @description Code of the unit of who wrote it */
            unit: string;
        };
        Noted: {
            id: string;
        };
        Notice: {
            /** Format: date-time */
            at: string;
            /** @description By language */
            body: {
                [key: string]: string;
            };
            id: string;
            link: string;
            name: string;
            read: boolean;
            /** @description By language */
            title: {
                [key: string]: string;
            };
            urgent: boolean;
        };
        ObjectionStep: {
            /** Format: date-time */
            at?: string;
            by: string;
            reason: string;
            /** @enum {string} */
            step: "object" | "uphold" | "overrule";
            unit: string;
        };
        Offers: {
            demo: boolean;
            elsewhere: components["schemas"]["Elsewhere"][] | null;
            users?: components["schemas"]["DemoUser"][] | null;
        };
        "Open-windowRequest": {
            /** @description None is all that the window takes */
            channels?: string[] | null;
        };
        Option: {
            title: {
                [key: string]: string;
            };
            value: string;
        };
        PackChange: {
            /** @description Absent: it is gone */
            after?: string;
            /** @description Absent: it is new */
            before?: string;
            key: string;
            /** @enum {string} */
            kind: "check" | "fact" | "param" | "derive" | "grant" | "law" | "effective" | "name";
        };
        PackContent: {
            /** @description Hash of the form that the pack brought */
            brought: string;
            /** @description The caller may edit it */
            editable: boolean;
            /** @description Give it as 'base' with an edit of this form */
            hash: string;
            path: string;
            text: string;
        };
        PackEdit: {
            path: string;
            text: string;
        };
        PackFault: {
            file?: string;
            /**
             * Format: int64
             * @description The first line is 1; absent when it is not one line's
             */
            line?: number;
            text: string;
        };
        PackGrant: {
            /** Format: date-time */
            at: string;
            by: string;
            /** Format: int64 */
            fen: number;
            hall: string;
            id: string;
            name: string;
            pack: string;
            uscc: string;
        };
        PackStock: {
            code: string;
            contents: components["schemas"]["StartupContent"][] | null;
            /**
             * Format: int64
             * @description Ever, at this hall
             */
            given: number;
            name: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description By what was given, at the prices of their day, in fen
             */
            saved: number;
            /** Format: int64 */
            stock: number;
            /**
             * Format: int64
             * @description Days after the licence in which it may be had; 0 any
             */
            valid_days?: number;
            /**
             * Format: int64
             * @description What one pack saves an enterprise, in fen
             */
            value: number;
        };
        PackVerdict: {
            /** @description All that would be wrong with the pack; none when it may be saved */
            faults: components["schemas"]["PackFault"][] | null;
        };
        PackVersion: {
            /** @description Who saved it; absent for the house itself */
            actor?: string;
            /** Format: date-time */
            at: string;
            hash: string;
            id: string;
            /** @enum {string} */
            kind: "load" | "edit";
            note?: string;
            path: string;
            /** Format: int64 */
            size: number;
        };
        PageAlert: {
            items: components["schemas"]["Alert"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageArticle: {
            items: components["schemas"]["Article"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageCapture: {
            items: components["schemas"]["Capture"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageCityDifference: {
            items: components["schemas"]["CityDifference"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageCityLetter: {
            items: components["schemas"]["CityLetter"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageCityOrder: {
            items: components["schemas"]["CityOrder"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageCityReconciliation: {
            items: components["schemas"]["CityReconciliation"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageDecided: {
            items: components["schemas"]["Decided"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageDossierHead: {
            items: components["schemas"]["DossierHead"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageDutyItemView: {
            items: components["schemas"]["DutyItemView"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageHallRefusal: {
            items: components["schemas"]["HallRefusal"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageImportRun: {
            items: components["schemas"]["ImportRun"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageKnowledgeQuestion: {
            items: components["schemas"]["KnowledgeQuestion"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageLead: {
            items: components["schemas"]["Lead"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageListed: {
            items: components["schemas"]["Listed"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageMatterHead: {
            items: components["schemas"]["MatterHead"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageMeetingHead: {
            items: components["schemas"]["MeetingHead"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageMeetingTask: {
            items: components["schemas"]["MeetingTask"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PagePackGrant: {
            items: components["schemas"]["PackGrant"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PagePackVersion: {
            items: components["schemas"]["PackVersion"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageReportHead: {
            items: components["schemas"]["ReportHead"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageRow: {
            items: components["schemas"]["Row"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageRuling: {
            items: components["schemas"]["Ruling"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageSub: {
            items: components["schemas"]["Sub"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        PageTopicAlarm: {
            items: components["schemas"]["TopicAlarm"][] | null;
            /** @description Give it as 'after' to get the next page; absent on the last */
            next?: string;
        };
        Paper: {
            /** Format: date-time */
            at: string;
            id: string;
            kind: string;
            /** @description It can be fetched */
            made: boolean;
            no: string;
            sha256?: string;
            title: string;
        };
        Param: {
            say?: {
                [key: string]: string;
            };
            type: string;
            values: components["schemas"]["ParamValue"][] | null;
        };
        ParamValue: {
            from: string;
            value: unknown;
        };
        Part: {
            /**
             * Format: int64
             * @description Where its words stand in the message, in characters
             */
            from: number;
            id: string;
            /** Format: int64 */
            n: number;
            no: string;
            open: boolean;
            rated?: boolean;
            source: string;
            state: string;
            state_name: string;
            /** Format: int64 */
            to: number;
            unit?: string;
            words: string;
        };
        PartAdvice: {
            item: string;
            item_name: string;
            /** Format: double */
            p: number;
            unit?: string;
        };
        Pause: {
            /** Format: date-time */
            from?: string;
            /** Format: date-time */
            to?: string;
        };
        Place: {
            code: string;
            /** Format: double */
            lat: number;
            level: string;
            /** Format: double */
            lon: number;
            name: string;
            name_en?: string;
            parent?: string;
        };
        PlaceCount: {
            code: string;
            /**
             * Format: int64
             * @description Filed in the last 30 days
             */
            filed: number;
            /** Format: int64 */
            late: number;
            name: string;
            /** Format: int64 */
            near: number;
            /** Format: int64 */
            open: number;
        };
        "Polish-replyRequest": {
            /** @description At most 3,000 characters */
            text: string;
        };
        Polished: {
            /** @description What the model claimed that no source says */
            added?: string[] | null;
            /**
             * @description Why the text stayed as it was
             * @enum {string}
             */
            kept?: "off" | "failed" | "added";
            /** @description Worded by a language model: to be read before it is used */
            machine: boolean;
            text: string;
        };
        Position: {
            /** Format: date-time */
            at?: string;
            basis?: string;
            files: string[] | null;
            id: string;
            ours?: string;
            reply?: string;
            state: string;
            suggested_unit?: string;
            unit: string;
        };
        Preview: {
            columns: components["schemas"]["PreviewColumn"][] | null;
            /** @description A profile to begin with, made from the names of the columns, where none was given */
            draft?: string;
            /** @description Why the profile does not fit this file */
            error?: string;
            format: components["schemas"]["PreviewFormat"];
            /**
             * Format: int64
             * @description How many rows were looked at
             */
            looked: number;
            notes?: {
                [key: string]: number;
            };
            /** @description Why rows would be refused, among those looked at */
            problems: components["schemas"]["PreviewProblem"][] | null;
            profile?: string;
            /** @description The first rows as they would be imported */
            rows: components["schemas"]["PreviewRow"][] | null;
            /** @description The file lies here for a day: give this with the next call in place of the file */
            upload?: string;
        };
        PreviewColumn: {
            name: string;
            /** @description Its first different contents */
            samples: string[] | null;
        };
        PreviewFormat: {
            delimiter?: string;
            encoding?: string;
            /** @description The bytes would be valid in another encoding too */
            encoding_guessed?: boolean;
            /** Format: int64 */
            header_line: number;
            sheet?: string;
            sheets?: string[] | null;
            workbook: boolean;
        };
        PreviewProblem: {
            /** Format: int64 */
            count: number;
            /** @description The first of them */
            lines: number[] | null;
            text: string;
        };
        PreviewRow: {
            address?: string;
            /** @description What goes to the vault, masked */
            appellant?: {
                [key: string]: string;
            };
            asserted?: {
                [key: string]: unknown;
            };
            channel?: string;
            class?: string;
            /** Format: date-time */
            closed?: string;
            community?: string;
            /** Format: date-time */
            due?: string;
            item?: string;
            kind?: string;
            /** Format: double */
            lat?: number;
            /** @description Of a category */
            levels?: string[] | null;
            /** Format: int64 */
            line: number;
            /**
             * Format: double
             * @description WGS-84
             */
            lon?: number;
            number?: string;
            /** Format: date-time */
            opened?: string;
            refused?: string;
            /** Format: date-time */
            replied?: string;
            reply?: string;
            state?: string;
            /** @description Code of this district */
            street?: string;
            text?: string;
            title?: string;
            unit?: string;
        };
        Priority: {
            code: string;
            name: {
                [key: string]: string;
            };
            /** @description One may say so oneself */
            self: boolean;
        };
        Problem: {
            code: string;
            detail?: string;
            errors?: components["schemas"]["ErrorDetail"][] | null;
            /** Format: int64 */
            status: number;
            title: string;
            type: string;
        };
        ProfileView: {
            /** @description YAML */
            body?: string;
            /** @description Columns that it reads */
            columns: string[] | null;
            name: string;
            note?: {
                [key: string]: string;
            };
            /** @enum {string} */
            records: "appeals" | "categories";
            /** @description Carried by the program: it cannot be changed, but be kept under another name */
            shipped: boolean;
            source: string;
            title: {
                [key: string]: string;
            };
        };
        ProposedPart: {
            /** Format: int64 */
            from: number;
            /** @description What dispatch would advise for it, the likeliest first */
            items: components["schemas"]["PartAdvice"][] | null;
            /**
             * @description By what it was told apart
             * @enum {string}
             */
            rule: "number" | "word";
            /** Format: int64 */
            to: number;
            words: string;
        };
        ProvenBody: {
            /** @description Password, code or recovery code */
            proof: string;
        };
        PublicBoard: {
            /** Format: date-time */
            at: string;
            channels: components["schemas"]["PublicCount"][] | null;
            /** Format: int64 */
            closed: number;
            days: components["schemas"]["DayCount"][] | null;
            /** Format: int64 */
            filed: number;
            /**
             * Format: int64
             * @description Counts below it are not told
             */
            least: number;
            month: string;
            /**
             * Format: double
             * @description Percent of what was due
             */
            on_time?: number;
            /**
             * Format: double
             * @description Participation: how many of the closed were rated
             */
            rated?: number;
            /** Format: double */
            satisfied?: number;
            /** Format: double */
            solved?: number;
            streets: components["schemas"]["PublicCount"][] | null;
            /** @description First level of the duty list */
            subjects: components["schemas"]["PublicCount"][] | null;
        };
        PublicCount: {
            code: string;
            /** Format: int64 */
            count?: number;
            name: string;
        };
        "Publish-duty-versionRequest": {
            /** @description The remarks of the check were seen */
            accept?: boolean;
            /** @description Day or time from which it is in force; at once when absent */
            from?: string;
            /** @description Of the draft as the caller saw it */
            hash: string;
        };
        "Put-decision-modeRequest": {
            /** Format: int64 */
            cap?: number;
            /** @description It decides though its shadow has not shown enough */
            despite?: boolean;
            /** @enum {string} */
            mode: "off" | "shadow" | "canary" | "on";
            reason: string;
            /** Format: int64 */
            seq: number;
            /** Format: int64 */
            share?: number;
            stopped?: boolean;
        };
        "Put-duty-itemRequest": {
            /** @description Of the draft as the caller saw it */
            hash: string;
            item?: {
                [key: string]: string;
            };
            /** @description All rules for this item alone */
            rules?: {
                [key: string]: string;
            }[] | null;
        };
        "Put-filterRequest": {
            query: string;
        };
        "Put-holdRequest": {
            /** @description The number that people quote */
            no: string;
            reason: string;
        };
        "Put-pack-fileRequest": {
            /** @description Hash of the form that was edited: refused when it is in force no more */
            base?: string;
            /** @description Why */
            note?: string;
            path: string;
            text: string;
        };
        "Put-profileRequest": {
            /** @description YAML */
            body: string;
        };
        "Put-shiftRequest": {
            account: string;
            /** @enum {string} */
            kind: "duty" | "leave";
            note?: string;
            role?: string;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
        };
        "Put-skillsRequest": {
            items: string[] | null;
        };
        Quality: {
            /** Format: date-time */
            at: string;
            period: string;
            /** @description A channel stands in unit */
            results: components["schemas"]["Result"][] | null;
        };
        QualityLoss: {
            /** @description arrival: the appeal */
            appeal?: string;
            /** @enum {string} */
            grain: "arrival" | "day" | "delivery";
            indicator: string;
            /** @description Its number and title, the day, or the message or batch */
            label: string;
            /** Format: double */
            points: number;
        };
        QuestionPage: {
            events: components["schemas"]["KnowledgeEvent"][] | null;
            question: components["schemas"]["KnowledgeQuestion"];
            /** @description In which ways it was put, the newest first */
            wordings: components["schemas"]["Wording"][] | null;
        };
        QuestionStep: {
            /** @enum {string} */
            action: "assign" | "draft" | "return" | "dismiss" | "reopen";
            /** @description Why; dismiss and return need it */
            note?: string;
            /**
             * Format: int64
             * @description Of the question as the caller saw it
             */
            seq: number;
            /** @description assign: who is to write the entry */
            unit?: string;
        };
        QueueAge: {
            /** @description Under 1 day, 1 to 3, 3 to 7, longer */
            ages: number[] | null;
            /** Format: int64 */
            late: number;
            state: string;
        };
        "Rate-answerRequest": {
            id: string;
            kind: string;
            question: string;
            useful: boolean;
        };
        Rating: {
            /** Format: date-time */
            at: string;
            contacted?: boolean;
            /** Format: int64 */
            manner?: number;
            /** Format: int64 */
            n: number;
            /** Format: int64 */
            result?: number;
            solved: string;
            /** @enum {string} */
            source: "citizen" | "visit" | "city";
            /** Format: int64 */
            speed?: number;
        };
        "Read-noticesRequest": {
            upto: string;
        };
        Reason: {
            /** @description words, duty, history, place, returned, similar, graph */
            kind: string;
            text: string;
        };
        "Reconcile-cityRequest": {
            /** @description 2026-11-26 */
            day: string;
        };
        RecoveryCodes: {
            /** @description Each is good once in place of a code; shown once */
            recovery_codes: string[] | null;
        };
        Refusal: {
            alternative: string;
            basis: string;
            code: string;
            detail?: string;
            name: {
                [key: string]: string;
            };
            text: string;
        };
        Related: {
            /**
             * Format: int64
             * @description How many it carries already
             */
            carries?: number;
            id: string;
            /** @enum {string} */
            kind: "repeat" | "merge" | "recurrence";
            /** Format: double */
            lat?: number;
            /** Format: double */
            lon?: number;
            /** Format: int64 */
            metres?: number;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at: string;
            place?: string;
            /**
             * Format: double
             * @description 0 to 1: the weighted sum of the terms
             */
            score: number;
            state: string;
            terms: components["schemas"]["Term"][] | null;
            title: string;
            unit?: string;
        };
        RelatedView: {
            candidates: components["schemas"]["Related"][] | null;
            /** @description What it carries; no word about who said it */
            carried: components["schemas"]["Related"][] | null;
            /** @description What carries it */
            carrier?: components["schemas"]["Related"];
            links: components["schemas"]["Link"][] | null;
            /**
             * Format: int64
             * @description Of the same person in 90 days
             */
            person_all: number;
            /**
             * Format: int64
             * @description Open appeals of the same person (一人多诉)
             */
            person_open: number;
        };
        "Release-holdRequest": {
            reason: string;
        };
        RelevantRuling: {
            appeal: string;
            /** Format: date-time */
            at: string;
            basis: string;
            co_units: string[] | null;
            /** @description The draft of the duty list that it was written into */
            draft?: string;
            fallback?: string;
            id: string;
            item?: string;
            item_before?: string;
            item_name?: string;
            no: string;
            /** Format: date-time */
            overturned_at?: string;
            overturned_to?: string;
            precedent: boolean;
            reason: string;
            /** Format: double */
            score: number;
            title: string;
            unit: string;
            unit_before: string;
            why: string[] | null;
        };
        Replay: {
            facts_hash: string;
            id: string;
            identical: boolean;
            /** Format: date-time */
            made: string;
            outcome: string;
            pack: string;
            pack_hash: string;
            trace_hash: string;
            under?: components["schemas"]["Counterfactual"];
        };
        "Replay-decidedRequest": {
            /**
             * Format: int64
             * @description A version
             */
            under?: number;
        };
        "Report-entryRequest": {
            text: string;
        };
        ReportBlock: {
            /** @description Of a table: the place in figures of what each cell says, -1 where it says none */
            cells?: (number[] | null)[] | null;
            chart?: components["schemas"]["Chart"];
            heading?: string;
            map?: components["schemas"]["Map"];
            /** @description Of a chart or map: the place in figures of each value */
            points?: number[] | null;
            /** @description A paragraph */
            said?: components["schemas"]["ReportSpan"][] | null;
            table?: components["schemas"]["Table"];
            /** @description Of reports made before their texts named their figures */
            text?: string;
        };
        ReportFigure: {
            figure: string;
            /** @description Which line of the query's answer it is */
            line?: {
                [key: string]: string;
            };
            /** @description Its definition */
            means?: string;
            name: string;
            position: string;
            query: components["schemas"]["FigureQuery"];
            /** @description Path of the list behind it, where a list can say it */
            rows?: string;
            unit?: string;
            /**
             * Format: double
             * @description None where the denominator is nothing
             */
            value: number | null;
        };
        ReportHead: {
            /** Format: date-time */
            at: string;
            /** @description Local day, included */
            from: string;
            id: string;
            kind: string;
            number?: string;
            period: string;
            state: string;
            title: string;
            /** @description Local day, not included */
            to: string;
        };
        ReportKind: {
            at?: string;
            /** Format: int64 */
            day?: number;
            id: string;
            name: {
                [key: string]: string;
            };
            title: string;
            /** @enum {string} */
            window: "day" | "week" | "month" | "year" | "free";
        };
        ReportKinds: {
            kinds: components["schemas"]["ReportKind"][] | null;
            /** @description The caller may make reports */
            may_make: boolean;
            meetings: components["schemas"]["MeetingKind"][] | null;
        };
        ReportPage: {
            /** @description Of a special report: what it is narrowed to */
            about?: {
                [key: string]: string[] | null;
            };
            /** @description What the caller may do with it now */
            allowed: string[] | null;
            /** Format: date-time */
            at: string;
            body: components["schemas"]["ReportBlock"][] | null;
            figures: components["schemas"]["ReportFigure"][] | null;
            /** @description Local day, included */
            from: string;
            hash: string;
            id: string;
            kind: string;
            number?: string;
            period: string;
            /** @description How far the records went: the data version */
            position: string;
            state: string;
            /** @description What was done with it, the newest last */
            steps: components["schemas"]["ReportStep"][] | null;
            title: string;
            /** @description Local day, not included */
            to: string;
        };
        ReportSpan: {
            /**
             * Format: int64
             * @description Of a change: place in figures of what it is told against
             */
            against?: number;
            /**
             * Format: int64
             * @description Place in figures of what it says
             */
            figure?: number;
            text: string;
        };
        ReportStep: {
            /** @enum {string} */
            action: "make" | "review" | "discard" | "return" | "issue" | "archive" | "withdraw";
            /** @description None: made unattended */
            actor?: string;
            /** Format: date-time */
            at: string;
            note?: string;
            number?: string;
        };
        Result: {
            black?: boolean;
            /** Format: double */
            full: number;
            /** Format: int64 */
            group: number;
            lines: components["schemas"]["Line"][] | null;
            /** Format: double */
            points: number;
            /** Format: int64 */
            rank: number;
            /** Format: double */
            rate: number;
            red?: boolean;
            unit: string;
        };
        "Reveal-appellantRequest": {
            reason: string;
        };
        "Reveal-applicantRequest": {
            reason: string;
        };
        "Reveal-decidedRequest": {
            reason: string;
        };
        RevealedApplicant: {
            identity: {
                [key: string]: string;
            };
            values: {
                [key: string]: unknown;
            };
        };
        Role: {
            code: string;
            description: string;
            name: string;
            name_en: string;
        };
        Row: {
            asker?: string;
            assignee?: string;
            channel: string;
            class: string;
            /** Format: date-time */
            closed_at?: string;
            community?: string;
            desk?: string;
            /** Format: date-time */
            due_at?: string;
            first_unit?: string;
            flow: string;
            id: string;
            item: string;
            item_name: string;
            kind: string;
            /** Format: double */
            lat?: number;
            late: boolean;
            /** Format: double */
            lon?: number;
            merged?: string;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at?: string;
            parent?: string;
            place: string;
            place_name: string;
            state: string;
            state_name: string;
            street?: string;
            synthetic?: boolean;
            system: string;
            title: string;
            /** Format: date-time */
            total_due?: string;
            unit: string;
            unit_name: string;
            /** Format: date-time */
            updated_at?: string;
            urgent_words?: string;
            vars: {
                [key: string]: number;
            };
            /** Format: int64 */
            version: number;
        };
        RuleFault: {
            /**
             * Format: int64
             * @description From 1; absent where it is of no one line
             */
            line?: number;
            text: string;
        };
        RuleView: {
            /** @description The ground in law */
            basis: string;
            /** Format: int64 */
            days?: number;
            /**
             * Format: int64
             * @description What would be listed now; 5,000 means that or more
             */
            due: number;
            kind: string;
            name: {
                [key: string]: string;
            };
            /** Format: date-time */
            oldest?: string;
            /** Format: int64 */
            years?: number;
        };
        Ruling: {
            appeal: string;
            /** Format: date-time */
            at: string;
            basis: string;
            co_units: string[] | null;
            /** @description The draft of the duty list that it was written into */
            draft?: string;
            fallback?: string;
            id: string;
            item?: string;
            item_before?: string;
            item_name?: string;
            no: string;
            /** Format: date-time */
            overturned_at?: string;
            overturned_to?: string;
            precedent: boolean;
            reason: string;
            title: string;
            unit: string;
            unit_before: string;
        };
        RulingRule: {
            /** @description When the rule holds; always when empty */
            condition?: string;
            /** @description The draft to write it into; a new copy of the list in force when absent */
            draft?: string;
            note?: string;
            /**
             * Format: int64
             * @description The smallest decides first; 50 when absent
             */
            priority?: number;
        };
        Said: {
            /** @description One to three sentences of the source, word for word */
            answer?: string;
            /**
             * Format: double
             * @description 0 to 1: how likely the source answers the question, as labelled questions had it
             */
            confidence: number;
            known: boolean;
            /** @description What is worth a look beside, the best first */
            near: components["schemas"]["SaidNear"][] | null;
            /** @description Where it is not known: what may be done */
            next?: components["schemas"]["SaidNext"][] | null;
            question: string;
            source?: components["schemas"]["SaidSource"];
            /**
             * @description Where it is not known
             * @enum {string}
             */
            why?: "empty" | "nothing" | "elsewhere" | "unsure" | "";
        };
        SaidNear: {
            id: string;
            kind: string;
            title: string;
        };
        SaidNext: {
            /**
             * @description file: an appeal with this text; call: a person at this number
             * @enum {string}
             */
            kind: "file" | "call";
            phone?: string;
            text?: string;
        };
        SaidSource: {
            /** @description The entry, for staff */
            article?: string;
            /** @description Code of the entry or the item; number of the matter */
            id: string;
            internal?: boolean;
            /** @description knowledge, duty, or solved (for staff) */
            kind: string;
            legal_basis?: string;
            /**
             * Format: date-time
             * @description When this text was published
             */
            since?: string;
            title: string;
            unit: string;
            unit_name: string;
            /**
             * Format: date-time
             * @description The first moment at which it is no longer in force
             */
            valid_until?: string;
        };
        SavedFilter: {
            name: string;
            query: string;
        };
        Scheme: {
            beside?: string[] | null;
            /** Format: int64 */
            black?: number;
            extras?: components["schemas"]["Extra"][] | null;
            groups: components["schemas"]["Group"][] | null;
            id: string;
            items: components["schemas"]["Item"][] | null;
            name: {
                [key: string]: string;
            };
            /** Format: int64 */
            red?: number;
            source?: string;
        };
        "Send-applicationRequest": {
            /** @description A person shall decide */
            person?: boolean;
            /** Format: int64 */
            version: number;
        };
        "Send-case-materialRequest": {
            files: string[] | null;
        };
        "Send-codeRequest": {
            /** @description Mainland mobile number */
            phone: string;
        };
        Sent: {
            case: string;
            /** @description With the number it opens the progress to whoever has it */
            code: string;
            /** @description Of the instant approval: approve, supplement, human, none */
            lane?: string;
            licence?: string;
            no: string;
            /** @enum {string} */
            outcome: "granted" | "received";
        };
        ServiceItem: {
            /** Format: date-time */
            changed_at: string;
            /**
             * Format: int64
             * @description Legal less promised days, where both are told in the same days
             */
            days_saved?: number;
            elements: components["schemas"]["ItemElements"];
            /** @description What the standardisation of items (事项梳理标准化) finds wanting */
            flaws: components["schemas"]["ItemFlaw"][] | null;
            /** @description Of its elements */
            hash: string;
            id: string;
            /** @description What the source knows it by */
            key: string;
            /**
             * Format: int64
             * @description 100 less what the flaws weigh
             */
            score: number;
            /** @description Where it was brought in from; empty when it was made here */
            source: string;
            state: string;
            /** Format: int64 */
            version: number;
        };
        Session: {
            address: string;
            /** @description What the browser says of itself */
            agent: string;
            /** @description The one that asks */
            current: boolean;
            /** Format: date-time */
            expires: string;
            id: string;
            /** Format: date-time */
            since: string;
        };
        SessionBody: {
            /** Format: date-time */
            expires: string;
            me: components["schemas"]["Me"];
            /** @description For those who do not keep cookies */
            token: string;
        };
        "Set-hall-dayRequest": {
            closes: string;
            day: string;
            /** @description Empty: closed */
            opens: string;
            reason: string;
        };
        "Set-hall-skillsRequest": {
            clerk: string;
            kinds: string[] | null;
        };
        Shadow: {
            /** Format: int64 */
            agree: number;
            /**
             * Format: int64
             * @description That both have decided
             */
            cases: number;
            /**
             * Format: int64
             * @description Since the first
             */
            days: number;
            /** Format: int64 */
            differ: number;
            /**
             * Format: double
             * @description Share of the cases that the pack would have approved and people did not, of those both decided
             */
            disagreement: number;
            /** @description Long or much enough, with no false approval */
            enough: boolean;
            /**
             * Format: int64
             * @description Approved by the pack and not by people
             */
            false_approvals: number;
            /**
             * Format: int64
             * @description Approved by people and not by the pack: it only costs time
             */
            missed: number;
            /**
             * Format: int64
             * @description That people have not decided yet
             */
            waiting: number;
        };
        ShadowNeeds: {
            /** Format: int64 */
            cases: number;
            /** Format: int64 */
            days: number;
        };
        Share: {
            /** @description Whose turn it is */
            next: boolean;
            /**
             * Format: double
             * @description Of 1
             */
            share: number;
            /**
             * Format: int64
             * @description How often it had its turn
             */
            turns: number;
            unit: string;
        };
        Sheet: {
            exits?: components["schemas"]["SheetExit"][] | null;
            name?: string;
            pages: components["schemas"]["SheetPage"][] | null;
            schema: components["schemas"]["SheetNode"];
        };
        SheetExit: {
            say: {
                [key: string]: string;
            };
            when: string;
        };
        SheetField: {
            field: string;
            show?: string;
        };
        SheetNode: {
            enum?: string[] | null;
            format?: string;
            items?: components["schemas"]["SheetNode"];
            /** Format: int64 */
            maxItems?: number;
            /** Format: int64 */
            maxLength?: number;
            /** Format: double */
            maximum?: number;
            /** Format: int64 */
            minItems?: number;
            /** Format: int64 */
            minLength?: number;
            /** Format: double */
            minimum?: number;
            pattern?: string;
            properties?: {
                [key: string]: components["schemas"]["SheetNode"];
            };
            required?: string[] | null;
            title?: string;
            type: string;
            "x-edit"?: boolean;
            "x-element"?: string;
            "x-enum"?: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            "x-fill"?: string;
            "x-hint"?: {
                [key: string]: string;
            };
            /** Format: int64 */
            "x-lines"?: number;
            "x-order"?: string[] | null;
            "x-personal"?: boolean;
            "x-title-en"?: string;
        };
        SheetPage: {
            fields: components["schemas"]["SheetField"][] | null;
            name: string;
            say?: {
                [key: string]: string;
            };
            show?: string;
            title: {
                [key: string]: string;
            };
        };
        Shift: {
            account: string;
            id: string;
            /** @enum {string} */
            kind: "duty" | "leave";
            name: string;
            note?: string;
            /** @description The desk of a duty */
            role?: string;
            /** Format: date-time */
            since: string;
            unit: string;
            /** Format: date-time */
            until: string;
        };
        "Sign-in-by-codeRequest": {
            code: string;
            phone: string;
        };
        "Sign-inRequest": {
            /** @description Of the second factor, or a recovery code */
            code?: string;
            login: string;
            password: string;
        };
        Signal: {
            code: string;
            evidence?: components["schemas"]["Evidence"][] | null;
            text: {
                [key: string]: string;
            };
            /** Format: int64 */
            weight: number;
        };
        SignalRow: {
            code: string;
            /** Format: int64 */
            fired: number;
            text: {
                [key: string]: string;
            };
            /** Format: int64 */
            upheld: number;
            /** Format: int64 */
            weight: number;
        };
        SimilarAppeal: {
            id: string;
            /** Format: int64 */
            metres?: number;
            no: string;
            /** Format: date-time */
            opened_at?: string;
            place: string;
            /** Format: double */
            score: number;
            state: string;
            title: string;
        };
        Sitting: {
            /** @description By semicolons */
            channels: string;
            hall: string;
            name: string;
            /** Format: date-time */
            since: string;
            window: string;
        };
        Slot: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            free: number;
            /** Format: int64 */
            of: number;
        };
        Solved: {
            /** Format: date-time */
            closed_at?: string;
            /**
             * Format: double
             * @description From filing to closing
             */
            days: number;
            id: string;
            no: string;
            /**
             * Format: int64
             * @description The citizen's satisfaction with the result, 1 to 5
             */
            rating?: number;
            /** @description Masked */
            reply: string;
            same_item: boolean;
            /**
             * Format: double
             * @description How alike the words are, 0 to 1
             */
            score: number;
            title: string;
            unit: string;
            unit_name: string;
        };
        SourceStanding: {
            /**
             * Format: int64
             * @description Silences in a row
             */
            failed: number;
            name: string;
            /** @description It keeps failing and is left alone for a while */
            open: boolean;
        };
        SourceText: {
            source: components["schemas"]["SaidSource"];
            text: string;
        };
        SourceUse: {
            article?: string;
            id: string;
            kind: string;
            /** Format: int64 */
            said: number;
            title: string;
            /** Format: int64 */
            useful: number;
            /** Format: int64 */
            useless: number;
        };
        Spec: {
            adopted?: {
                [key: string]: string;
            };
            calendar: string;
            extensions?: string[] | null;
            /** Format: date-time */
            from?: string;
            limit: string;
            marks?: components["schemas"]["MarkAt"][] | null;
            pauses?: components["schemas"]["Pause"][] | null;
            version: string;
        };
        SpecialKind: {
            /** @description How long it may take at most */
            cap: string;
            /** @enum {string} */
            kind: "hearing" | "tender" | "auction" | "inspection" | "test" | "quarantine" | "appraisal" | "expert_review";
        };
        "Split-appealRequest": {
            reason: string;
        };
        Standing: {
            batches: components["schemas"]["Batch"][] | null;
            holds: components["schemas"]["Hold"][] | null;
            rules: components["schemas"]["RuleView"][] | null;
        };
        StartupContent: {
            code: string;
            name: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description What the enterprise saves, in fen
             */
            price: number;
        };
        State: {
            desk: string;
            final?: boolean;
            public?: {
                [key: string]: string;
            };
            title: {
                [key: string]: string;
            };
        };
        StateCount: {
            /** Format: int64 */
            count: number;
            state: string;
        };
        Step: {
            action: string;
            form?: {
                [key: string]: unknown;
            };
        };
        "Stock-packsRequest": {
            /** Format: int64 */
            delta: number;
            note?: string;
            /** @enum {string} */
            reason: "received" | "counted";
        };
        StuckMonth: {
            /**
             * Format: int64
             * @description Opened in the month; who was told where to go is none
             */
            cases: number;
            /** @description Verified root causes, the most first */
            causes: components["schemas"]["HallCount"][] | null;
            /**
             * Format: int64
             * @description Of those, recorded since
             */
            closed: number;
            /** @description Told where to go instead, by scope */
            guided: components["schemas"]["HallCount"][] | null;
            /**
             * Format: int64
             * @description Handling clocks of the month's cases that were met
             */
            in_time: number;
            month: string;
            /**
             * Format: int64
             * @description Times that somebody was told no at a window
             */
            refusals: number;
            /**
             * Format: int64
             * @description Of those, found wrong
             */
            refusals_wrong: number;
            scopes: components["schemas"]["HallCount"][] | null;
            /**
             * Format: int64
             * @description Handling clocks of them that have ended
             */
            timed: number;
        };
        StuckScope: {
            code: string;
            guide?: {
                [key: string]: string;
            };
            in: boolean;
            name: {
                [key: string]: string;
            };
        };
        StuckWords: {
            causes: components["schemas"]["HallWord"][] | null;
            limits: {
                [key: string]: string;
            };
            scopes: components["schemas"]["StuckScope"][] | null;
        };
        Sub: {
            asker?: string;
            assignee?: string;
            channel: string;
            class: string;
            /** Format: date-time */
            closed_at?: string;
            community?: string;
            desk?: string;
            /** Format: date-time */
            due_at?: string;
            first_unit?: string;
            flow: string;
            id: string;
            item: string;
            item_name: string;
            kind: string;
            /** Format: double */
            lat?: number;
            late: boolean;
            /** @description Of a supervision order: a step of the ladder, or instruction */
            level?: string;
            /** Format: double */
            lon?: number;
            merged?: string;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at?: string;
            parent?: string;
            place: string;
            place_name: string;
            /** @description What was asked when it was opened */
            reason?: string;
            state: string;
            state_name: string;
            street?: string;
            synthetic?: boolean;
            system: string;
            title: string;
            /** Format: date-time */
            total_due?: string;
            unit: string;
            unit_name: string;
            /** Format: date-time */
            updated_at?: string;
            urgent_words?: string;
            vars: {
                [key: string]: number;
            };
            /** Format: int64 */
            version: number;
        };
        Suggestion: {
            /**
             * @description auto: sure enough to dispatch by itself; suggest: shown first; manual: not in the list, or not sure
             * @enum {string}
             */
            band: "auto" | "suggest" | "manual";
            candidates: components["schemas"]["Candidate"][] | null;
            class: string;
            /** @description Version of the duty list */
            duty: string;
            /** @description The model that advised; absent where rules and words alone did */
            model?: string;
            /**
             * Format: double
             * @description Of the first candidate
             */
            p: number;
            /** @description Of the first candidate, and what keeps it from a better band */
            reasons: components["schemas"]["Reason"][] | null;
            /** @description It looks like nothing in the duty list (不在清单) */
            unlisted: boolean;
        };
        Table: {
            caption: string;
            head: string[] | null;
            rows: (string[] | null)[] | null;
            widths?: number[] | null;
            words?: boolean;
        };
        TaskStep: {
            /** @description report: the unit is done with it */
            finished?: boolean;
            note?: string;
            /** @description give: somebody of the unit */
            person?: string;
            /** @description give: the unit */
            to?: string;
            /** @description give, move: local day, included */
            until?: string;
            /** @description give */
            what?: string;
        };
        Term: {
            /** @enum {string} */
            name: "text" | "place" | "time" | "caller";
            /**
             * Format: double
             * @description 0 to 1
             */
            value: number;
            /** Format: double */
            weight: number;
        };
        Ticket: {
            area: string;
            /** @description Last day to come back with papers */
            back_by?: string;
            /** Format: date-time */
            called_at?: string;
            /** Format: int64 */
            calls: number;
            /** @enum {string} */
            channel: "counter" | "phone" | "video";
            /** @description Of priority */
            class?: string;
            day: string;
            /** Format: date-time */
            ended_at?: string;
            /**
             * Format: int64
             * @description Seconds of waiting foretold when it was queued first
             */
            est?: number;
            /** Format: int64 */
            est_high?: number;
            /** Format: int64 */
            est_low?: number;
            hall: string;
            /**
             * Format: date-time
             * @description Confirm the slot until then
             */
            hold?: string;
            id: string;
            kind: string;
            /** Format: int64 */
            missed: number;
            /** @description Masked */
            name?: string;
            /** @description What is called; absent until the person has come */
            no?: string;
            /** Format: date-time */
            queued_at?: string;
            /**
             * Format: int64
             * @description At the window, µs, without what was parked
             */
            serve_us: number;
            services: components["schemas"]["TicketService"][] | null;
            /** Format: date-time */
            slot?: string;
            /** @enum {string} */
            source: "kiosk" | "phone" | "reception";
            /** Format: date-time */
            started_at?: string;
            state: string;
            /** Format: date-time */
            taken_at: string;
            target?: string;
            /** Format: int64 */
            version: number;
            /**
             * Format: int64
             * @description Waiting time, µs: in the queue until called
             */
            wait_us: number;
            /**
             * Format: int64
             * @description Way time, µs: from the call to the window
             */
            way_us: number;
            window?: string;
        };
        TicketAsk: {
            /**
             * Format: date-time
             * @description book-slot: the slot
             */
            at?: string;
            /** @enum {string} */
            channel?: "counter" | "phone" | "video";
            /** @description Of priority */
            class?: string;
            /** @description As read from an identity card, or typed */
            id_number?: string;
            /** @description Of the hall's kiosk */
            key?: string;
            name?: string;
            phone?: string;
            /** @description What stands on the hall's boards today */
            presence?: string;
            services: components["schemas"]["TicketService"][] | null;
        };
        TicketData: {
            area?: string;
            back_by?: string;
            channel?: string;
            class?: string;
            clerk?: string;
            day?: string;
            est?: components["schemas"]["Estimate"];
            hall?: string;
            /** Format: date-time */
            hold?: string;
            kind?: string;
            name?: string;
            no?: string;
            /** Format: date-time */
            order?: string;
            person?: string;
            reason?: string;
            services?: components["schemas"]["TicketService"][] | null;
            /** Format: date-time */
            slot?: string;
            source?: string;
            synthetic?: boolean;
            target?: string;
            window?: string;
        };
        TicketEvent: {
            action: string;
            /** Format: date-time */
            at: string;
            data: components["schemas"]["TicketData"];
            /** Format: int64 */
            seq: number;
            state: string;
        };
        TicketService: {
            done?: boolean;
            /** @description Code of a service item */
            item?: string;
            kind: string;
        };
        Topic: {
            /** Format: int64 */
            appellants: number;
            /** Format: date-time */
            first_at: string;
            /** Format: date-time */
            found_at: string;
            /** Format: double */
            heat: number;
            heat_terms: components["schemas"]["Heat"];
            id: string;
            /** @description Names of the duty items that its messages have most */
            items: string[] | null;
            /** @description The topic that it was merged into */
            joined?: string;
            /** Format: date-time */
            last_at: string;
            /** Format: double */
            lat?: number;
            /** Format: double */
            lon?: number;
            matter: string;
            /** Format: int64 */
            messages: number;
            name: string;
            owner?: string;
            owner_name?: string;
            phrases: string[] | null;
            place: string;
            places: string[] | null;
            plan?: components["schemas"]["TopicPlan"];
            /** @description A person gave it its name */
            renamed?: boolean;
            representative: string[] | null;
            /** @description Messages of each of the last twelve weeks, the oldest first */
            spark: number[] | null;
            /** @enum {string} */
            state: "found" | "owned" | "planned" | "closed" | "merged" | "faded";
            /** Format: int64 */
            version: number;
        };
        TopicAlarm: {
            /** Format: date-time */
            at: string;
            /** @description days, and what was counted in them: messages, appellants, deviations, usual */
            figure: unknown;
            id: string;
            /** @enum {string} */
            kind: "frequent" | "sudden" | "one_many" | "many_one";
            state: string;
            topic: string;
            topic_name: string;
        };
        TopicDay: {
            day: string;
            /** Format: int64 */
            n: number;
        };
        TopicEffect: {
            /** Format: int64 */
            after: number;
            /** Format: int64 */
            after_days: number;
            /** Format: double */
            after_rate: number;
            /**
             * Format: double
             * @description Ratio over control: under 1 it fell more than others
             */
            against_control?: number;
            /**
             * Format: int64
             * @description Messages in the days before the plan
             */
            before: number;
            /** Format: int64 */
            before_days: number;
            /**
             * Format: double
             * @description Messages a day
             */
            before_rate: number;
            /** Format: double */
            calm_before_rate: number;
            /**
             * Format: double
             * @description Ratio of all topics without a plan over the same days
             */
            control?: number;
            /** Format: int64 */
            control_messages: number;
            from: string;
            /** Format: double */
            high?: number;
            /** Format: double */
            low?: number;
            /** Format: double */
            ratio?: number;
            /**
             * @description fell and rose only where the interval excludes 1
             * @enum {string}
             */
            verdict: "too_early" | "fell" | "rose" | "unclear";
        };
        TopicEvent: {
            actor?: string;
            actor_name?: string;
            /** Format: date-time */
            at: string;
            data: unknown;
            kind: string;
            /** Format: int64 */
            seq: number;
            unit?: string;
        };
        TopicMeasure: {
            /** @description Day on which it was done */
            done?: string;
            /** @example 2026-02-28 */
            due: string;
            unit?: string;
            what: string;
        };
        TopicMember: {
            /** @description A person put it here */
            hand: boolean;
            id: string;
            /** Format: double */
            lat?: number;
            /** Format: double */
            lon?: number;
            no: string;
            open: boolean;
            /** Format: date-time */
            opened_at: string;
            place_name: string;
            representative: boolean;
            state_name: string;
            title: string;
            /** @description What it shares with the others, names first */
            why: string[] | null;
        };
        TopicPage: {
            alarms: components["schemas"]["TopicAlarm"][] | null;
            allowed: string[] | null;
            /** Format: double */
            cool_days: number;
            /** @description At most a year, each day from the first message on */
            days: components["schemas"]["TopicDay"][] | null;
            effect?: components["schemas"]["TopicEffect"];
            events: components["schemas"]["TopicEvent"][] | null;
            /** @description The newest first, at most 500, of those that the reader may see */
            members: components["schemas"]["TopicMember"][] | null;
            topic: components["schemas"]["Topic"];
            /**
             * Format: int64
             * @description Members that the reader may not see, or beyond the 500
             */
            unseen: number;
        };
        TopicPageOf: {
            items: components["schemas"]["Topic"][] | null;
            /** Format: int64 */
            next?: number;
        };
        TopicPlan: {
            /**
             * @description Day from which it is in force: before and after are told apart by it
             * @example 2026-01-31
             */
            from: string;
            goal: string;
            measures: components["schemas"]["TopicMeasure"][] | null;
        };
        TopicStep: {
            /** @enum {string} */
            action: "own" | "plan" | "close" | "reopen" | "rename" | "add" | "remove" | "merge" | "split";
            /** @description add, remove, split */
            appeals?: string[] | null;
            /** @description merge */
            into?: string;
            /** @description rename, split */
            name?: string;
            /** @description Why; close needs it */
            note?: string;
            plan?: components["schemas"]["TopicPlan"];
            /** @description own: the unit that answers for it */
            unit?: string;
            /**
             * Format: int64
             * @description Of the topic as the caller saw it
             */
            version: number;
        };
        Trial: {
            /** Format: int64 */
            cases: number;
            edges?: string[] | null;
            gaps?: string[] | null;
            /** Format: int64 */
            mutants: number;
            survived?: string[] | null;
            wrong?: string[] | null;
        };
        TriedExample: {
            /** @description By check */
            answers: {
                [key: string]: string;
            };
            got: string;
            /** @description By the house, and accepted by a person */
            made?: boolean;
            name: string;
            want: string;
            /** @description In what it is not as the case expects */
            wrong?: string;
        };
        "Try-decisionRequest": {
            /** @description {at, facts}, as shanzhi decide reads it */
            case: unknown;
            text?: string;
            /** Format: int64 */
            version?: number;
        };
        "Try-knowledgeRequest": {
            entry: components["schemas"]["Entry"];
            question: string;
        };
        Tuning: {
            /** Format: int64 */
            block: number;
            /** Format: int64 */
            days: number;
            figures: components["schemas"]["Figure"][] | null;
            items: components["schemas"]["TuningItem"][] | null;
            scores: number[] | null;
            /** Format: int64 */
            second_look: number;
            signals: components["schemas"]["SignalRow"][] | null;
            upheld: components["schemas"]["UpheldCase"][] | null;
            /** @description Objections that wait for a decision */
            waiting: components["schemas"]["UpheldCase"][] | null;
        };
        TuningItem: {
            /** Format: int64 */
            blocked: number;
            item: string;
            /** Format: int64 */
            judged: number;
            /** Format: int64 */
            looked: number;
            name: string;
            signals: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Objections that were upheld: false alarms
             */
            upheld: number;
        };
        Unit: {
            code: string;
            kind: string;
            name: string;
            name_en?: string;
            parent?: string;
            place?: string;
            short?: string;
        };
        UnitCount: {
            code: string;
            /** Format: int64 */
            due: number;
            /** Format: int64 */
            late: number;
            name: string;
            /** Format: int64 */
            on_time: number;
            /** Format: int64 */
            open: number;
        };
        UnitProposal: {
            /** @description The most frequent first: the others are proposed to be counted under it */
            names: components["schemas"]["AssertedUnit"][] | null;
            source: string;
            /** @description The unit of this district that it seems to be; never for another district's source */
            unit?: string;
            unit_name?: string;
        };
        UpheldCase: {
            /** Format: date-time */
            at?: string;
            codes: string;
            item: string;
            matter: string;
            no: string;
            reason: string;
            /** Format: int64 */
            score: number;
            title: string;
        };
        Used: {
            as_of?: string;
            fact: string;
            receipt?: string;
            say: {
                [key: string]: string;
            };
            source?: string;
            sources?: string[] | null;
            value?: unknown;
            why?: string;
        };
        Verified: {
            /**
             * Format: date-time
             * @description When this was said
             */
            at: string;
            case?: string;
            from: string;
            /** @description The identifier verifies and it was issued here */
            genuine: boolean;
            /** @description Masked, but to the holder */
            holder: string;
            id: string;
            /** @description 证照标识, GB/T 36904-2018 */
            identifier: string;
            /** Format: date-time */
            issued_at: string;
            issuer: string;
            name: {
                [key: string]: string;
            };
            no: string;
            /** @description Why it is not: the last event */
            reason?: string;
            /** @description What stands on it: for the holder alone */
            shown?: components["schemas"]["LicenceLine"][] | null;
            /** @enum {string} */
            status: "valid" | "suspended" | "recalled" | "revoked" | "cancelled" | "replaced" | "expired";
            /** @description Absent: for good */
            to?: string;
            /** @description Of the page that verifies it: /verify/{token} */
            token?: string;
            /** @description 证照类型代码 */
            type: string;
            /** @description It is valid today */
            usable: boolean;
            /** Format: int64 */
            version: number;
        };
        "What-if-decidedRequest": {
            /** @description A day */
            from: string;
            /** @description The last day */
            to: string;
            /** Format: int64 */
            version: number;
        };
        WhatIf: {
            after: {
                [key: string]: number;
            };
            before: {
                [key: string]: number;
            };
            /** @description How many went from one outcome to another: 'approve human' */
            changes: {
                [key: string]: number;
            };
            /** @description There are more decisions than were tried, or more that differ than are listed */
            cut: boolean;
            /** @description Those that come to something else, the newest first */
            differs: components["schemas"]["Differs"][] | null;
            /**
             * Format: int64
             * @description With their persons: they cannot be tried
             */
            erased: number;
            /** Format: int64 */
            same: number;
            /** Format: int64 */
            tried: number;
        };
        WindowDesk: {
            /** @description Parked, missed, to come back with papers */
            aside: components["schemas"]["DeskTicket"][] | null;
            /** Format: int64 */
            call_limit: number;
            /** @description That it takes now */
            channels: string[] | null;
            classes: components["schemas"]["Priority"][] | null;
            current?: components["schemas"]["DeskTicket"];
            hall: components["schemas"]["Hall"];
            open: boolean;
            /**
             * Format: int64
             * @description By this clerk today
             */
            served: number;
            sittings: components["schemas"]["Sitting"][] | null;
            /** @description In the order in which this window calls them, then the others */
            waiting: components["schemas"]["DeskTicket"][] | null;
            /** @description The one that this clerk has open */
            window?: string;
        };
        Word: {
            code: string;
            detail?: string;
            name: {
                [key: string]: string;
            };
        };
        Wording: {
            /** Format: int64 */
            asked: number;
            /** Format: date-time */
            last_at: string;
            text: string;
        };
        Words: {
            channels: components["schemas"]["Word"][] | null;
            kinds: components["schemas"]["Kind"][] | null;
            refusals: components["schemas"]["Refusal"][] | null;
            return_reasons: components["schemas"]["Word"][] | null;
        };
        "Write-meeting-minuteRequest": {
            text: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "list-accounts": {
        parameters: {
            query?: {
                /** @description Part of the login or the name */
                q?: string;
                state?: "active" | "locked" | "disabled" | "no_second_factor" | "service";
                /** @description And what lies below it */
                unit?: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageListed"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountForm"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Made"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-account": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountForm"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-keys": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-key": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Create-keyRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "revoke-key": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
                /** @description Identifier: a decimal number as a string */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reset-account": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Made"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-skills": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Put-skillsRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "unlock-account": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-alerts": {
        parameters: {
            query?: {
                open?: "true" | "false" | "";
                /** @description Time of the last, in microseconds */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageAlert"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-alert": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-appeals": {
        parameters: {
            query?: {
                /** @description Words: all must be there */
                q?: string;
                /** @description On the board of what leaders watch (重大件) */
                major?: "true" | "false" | "";
                /** @description Watched by the caller (关注) */
                watched?: "true" | "false" | "";
                /** @description Handling due within 24 hours */
                near?: "true" | "false" | "";
                /** @description Date from which it was closed */
                closed_since?: string;
                /** @description Date from which its handling limit ended */
                due_since?: string;
                /** @description Date before which its handling limit ended, or now */
                due_until?: string;
                /** @description Date from which it was rated */
                rated_since?: string;
                /** @description States of the flow */
                state?: string[] | null;
                open?: "true" | "false" | "";
                late?: "true" | "false" | "";
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                /** @description The unit alone, not what lies below it */
                alone?: "true" | "false" | "";
                street?: string;
                /** @description Code of a duty item, or its beginning */
                item?: string;
                class?: string;
                kind?: string;
                /** @description Where it was imported from */
                source?: string;
                /** @description Date (2026-11-01) from which, in the district's time */
                since?: string;
                /** @description Date before which */
                until?: string;
                /** @description newest (default) or due */
                order?: "newest" | "due" | "";
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageRow"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "file-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FileInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Filed"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-map-points": {
        parameters: {
            query?: {
                /** @description Words: all must be there */
                q?: string;
                /** @description On the board of what leaders watch (重大件) */
                major?: "true" | "false" | "";
                /** @description Watched by the caller (关注) */
                watched?: "true" | "false" | "";
                /** @description Handling due within 24 hours */
                near?: "true" | "false" | "";
                /** @description Date from which it was closed */
                closed_since?: string;
                /** @description Date from which its handling limit ended */
                due_since?: string;
                /** @description Date before which its handling limit ended, or now */
                due_until?: string;
                /** @description Date from which it was rated */
                rated_since?: string;
                /** @description States of the flow */
                state?: string[] | null;
                open?: "true" | "false" | "";
                late?: "true" | "false" | "";
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                /** @description The unit alone, not what lies below it */
                alone?: "true" | "false" | "";
                street?: string;
                /** @description Code of a duty item, or its beginning */
                item?: string;
                class?: string;
                kind?: string;
                /** @description Where it was imported from */
                source?: string;
                /** @description Date (2026-11-01) from which, in the district's time */
                since?: string;
                /** @description Date before which */
                until?: string;
                /** @description newest (default) or due */
                order?: "newest" | "due" | "";
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MapPoints"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "find-similar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Find-similarRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimilarAppeal"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matter"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "assign-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Assign-appealRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matter"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "call-appellant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lent"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "merge-appeals": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Merge-appealsRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BodyStruct { Merged int \"json:\\\"merged\\\"\" }Body"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-appeal-city": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppealCity"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-closing": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosingView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-dispute": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dispute"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-division": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DivisionView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-appeal-dossier": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DossierOf"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-duty-reason": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyReason"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-elements": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Elements"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "correct-elements": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Correct-elementsRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Elements"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "join-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Filed"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-helper": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Helper"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "polish-reply": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Polish-replyRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Polished"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-letter": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LetterView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "download-letter": {
        parameters: {
            query?: {
                /** @description pdf when absent */
                format?: "pdf" | "docx" | "";
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "link-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "unlink-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
                /** @description Identifier: a decimal number as a string */
                other: string;
                kind: "repeat" | "recurrence";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-mentionable": {
        parameters: {
            query?: {
                /** @description Part of a name; those who have to do with it when absent */
                q?: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Mention"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-notes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Note"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-note": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Noted"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-appeal-proof": {
        parameters: {
            query: {
                /** @description Why it is taken out; it is recorded */
                purpose: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-related": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RelatedView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reveal-appellant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reveal-appellantRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "contest-score": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Contest-scoreRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matter"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "split-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Split-appealRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "suggest-dispatch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "watch-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "unwatch-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Said"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-examples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rate-answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rate-answerRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "report-entry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Report-entryRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Complained"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-source": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceText"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-asserted-categories": {
        parameters: {
            query: {
                /** @description A profile, or the source itself */
                profile: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssertedCategory"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "count-asserted-late": {
        parameters: {
            query: {
                /** @description A profile, or the source itself */
                profile: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LateCount"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-assessments": {
        parameters: {
            query?: {
                scheme?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssessTerm"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "freeze-assessment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Freeze-assessmentRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assessment"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-assessment-book": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssessBook"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-assessment-entries": {
        parameters: {
            query: {
                scheme: string;
                /** @description 2026-10 */
                month: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssessEntry"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-assessment-entry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Add-assessment-entryRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "undo-assessment-entry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "preview-assessment": {
        parameters: {
            query: {
                scheme: string;
                /** @description 2026-10 */
                month: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assessment"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-assessment-trend": {
        parameters: {
            query: {
                scheme: string;
                unit: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssessPoint"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-assessment": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assessment"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-assessment-losses": {
        parameters: {
            query: {
                unit: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LossRow"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "find-caller": {
        parameters: {
            query: {
                phone: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "file-captures": {
        parameters: {
            query?: {
                /** @description Files */
                ids?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageCapture"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-city": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CityStandingView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-city-differences": {
        parameters: {
            query?: {
                state?: "open" | "mended" | "ignored";
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageCityDifference"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "mend-city-difference": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Mend-city-differenceRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CityDifference"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-city-messages": {
        parameters: {
            query?: {
                /** @description stuck: what is not through, and needs or may need somebody */
                show?: "all" | "stuck" | "down" | "up";
                no?: string;
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageCityLetter"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "retry-city-message": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CityLetter"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-city-orders": {
        parameters: {
            query?: {
                state?: "dispatched" | "signed" | "returning" | "returned" | "replied" | "closed" | "withdrawn" | "";
                /** @description The city's number, or how it begins */
                no?: string;
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageCityOrder"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-city-reconciliations": {
        parameters: {
            query?: {
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageCityReconciliation"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reconcile-city": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reconcile-cityRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CityReconciliation"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-closing-judgments": {
        parameters: {
            query?: {
                days?: number;
                item?: string;
                signal?: string;
                verdict?: "pass" | "second_look" | "block";
                /** @description The least score */
                from?: number;
                /** @description The greatest */
                to?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JudgedReply"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-second-looks": {
        parameters: {
            query?: {
                done?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Look"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "find-second-look": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FindInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-closing-tuning": {
        parameters: {
            query?: {
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tuning"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-dispatch-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DispatchModel"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "roll-back-dispatch-model": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DispatchModel"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-district": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DistrictView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-dossiers": {
        parameters: {
            query?: {
                state?: "open" | "drafted" | "concluded" | "archived" | "";
                q?: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageDossierHead"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "open-dossier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDossier"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dossier"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-dossier": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dossier"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-dossier": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DossierStep"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dossier"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "download-conclusion": {
        parameters: {
            query: {
                format: "docx" | "pdf" | "md" | "html";
                /** @description Why; it is kept with the record of the export */
                purpose?: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadRequest"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decide-download": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Decide-downloadRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadRequest"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-items": {
        parameters: {
            query?: {
                /** @description Words or the beginning of a code */
                q?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyItem"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-duty-version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description filename of the file being uploaded
                     */
                    filename?: string;
                    /** @description general purpose name for multipart form value */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyVersion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-duty-versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyVersion"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "copy-duty-version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Copy-duty-versionRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyVersion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-duty-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyVersion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "drop-duty-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "check-duty-version": {
        parameters: {
            query?: {
                /** @description Day or time; now when absent */
                at?: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "diff-duty-version": {
        parameters: {
            query?: {
                /** @description Identifier of the older version; the one in force when absent */
                against?: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyDiff"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "download-duty-version": {
        parameters: {
            query: {
                part: "items" | "rules";
                format: "xlsx" | "csv";
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-duty-rows": {
        parameters: {
            query?: {
                /** @description Words, or the beginning of a code */
                q?: string;
                /** @description Code of a unit that is responsible in some case */
                unit?: string;
                /** @description Key of the next page */
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageDutyItemView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-duty-item": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Put-duty-itemRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyVersion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "publish-duty-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Publish-duty-versionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyVersion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "replay-duty-version": {
        parameters: {
            query?: {
                /** @description Words: all must be there */
                q?: string;
                /** @description On the board of what leaders watch (重大件) */
                major?: "true" | "false" | "";
                /** @description Watched by the caller (关注) */
                watched?: "true" | "false" | "";
                /** @description Handling due within 24 hours */
                near?: "true" | "false" | "";
                /** @description Date from which it was closed */
                closed_since?: string;
                /** @description Date from which its handling limit ended */
                due_since?: string;
                /** @description Date before which its handling limit ended, or now */
                due_until?: string;
                /** @description Date from which it was rated */
                rated_since?: string;
                /** @description States of the flow */
                state?: string[] | null;
                open?: "true" | "false" | "";
                late?: "true" | "false" | "";
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                /** @description The unit alone, not what lies below it */
                alone?: "true" | "false" | "";
                street?: string;
                /** @description Code of a duty item, or its beginning */
                item?: string;
                class?: string;
                kind?: string;
                /** @description Where it was imported from */
                source?: string;
                /** @description Date (2026-11-01) from which, in the district's time */
                since?: string;
                /** @description Date before which */
                until?: string;
                /** @description newest (default) or due */
                order?: "newest" | "due" | "";
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
                /** @description Identifier of the version to compare with; the one in force when absent */
                against?: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyReplay"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-appeals": {
        parameters: {
            query: {
                /** @description Words: all must be there */
                q?: string;
                /** @description On the board of what leaders watch (重大件) */
                major?: "true" | "false" | "";
                /** @description Watched by the caller (关注) */
                watched?: "true" | "false" | "";
                /** @description Handling due within 24 hours */
                near?: "true" | "false" | "";
                /** @description Date from which it was closed */
                closed_since?: string;
                /** @description Date from which its handling limit ended */
                due_since?: string;
                /** @description Date before which its handling limit ended, or now */
                due_until?: string;
                /** @description Date from which it was rated */
                rated_since?: string;
                /** @description States of the flow */
                state?: string[] | null;
                open?: "true" | "false" | "";
                late?: "true" | "false" | "";
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                /** @description The unit alone, not what lies below it */
                alone?: "true" | "false" | "";
                street?: string;
                /** @description Code of a duty item, or its beginning */
                item?: string;
                class?: string;
                kind?: string;
                /** @description Where it was imported from */
                source?: string;
                /** @description Date (2026-11-01) from which, in the district's time */
                since?: string;
                /** @description Date before which */
                until?: string;
                /** @description newest (default) or due */
                order?: "newest" | "due" | "";
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
                /** @description open311 is the bulk form of GeoReport, always open data */
                format: "csv" | "xlsx" | "geojson" | "open311";
                /** @description Without persons, secret appeals and doorsteps */
                open_data?: "true" | "false" | "";
                /** @description Open data with its texts, masked */
                text?: "true" | "false" | "";
                /** @description Why; it is kept with the record of the export */
                purpose?: string;
                /** @description The approved request that it is fetched by, where one is needed */
                request?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ask-export": {
        parameters: {
            query: {
                /** @description Words: all must be there */
                q?: string;
                /** @description On the board of what leaders watch (重大件) */
                major?: "true" | "false" | "";
                /** @description Watched by the caller (关注) */
                watched?: "true" | "false" | "";
                /** @description Handling due within 24 hours */
                near?: "true" | "false" | "";
                /** @description Date from which it was closed */
                closed_since?: string;
                /** @description Date from which its handling limit ended */
                due_since?: string;
                /** @description Date before which its handling limit ended, or now */
                due_until?: string;
                /** @description Date from which it was rated */
                rated_since?: string;
                /** @description States of the flow */
                state?: string[] | null;
                open?: "true" | "false" | "";
                late?: "true" | "false" | "";
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                /** @description The unit alone, not what lies below it */
                alone?: "true" | "false" | "";
                street?: string;
                /** @description Code of a duty item, or its beginning */
                item?: string;
                class?: string;
                kind?: string;
                /** @description Where it was imported from */
                source?: string;
                /** @description Date (2026-11-01) from which, in the district's time */
                since?: string;
                /** @description Date before which */
                until?: string;
                /** @description newest (default) or due */
                order?: "newest" | "due" | "";
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
                /** @description open311 is the bulk form of GeoReport, always open data */
                format: "csv" | "xlsx" | "geojson" | "open311";
                /** @description Without persons, secret appeals and doorsteps */
                open_data?: "true" | "false" | "";
                /** @description Open data with its texts, masked */
                text?: "true" | "false" | "";
                /** @description Why; it is kept with the record of the export */
                purpose?: string;
                /** @description The approved request that it is fetched by, where one is needed */
                request?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadRequest"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-figure-catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalogue"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ask-figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FigureQuery"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FigureAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-figure-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FigureView"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "keep-figure-view": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Keep-figure-viewRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FigureView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "drop-figure-view": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-filters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedFilter"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-filter": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Put-filterRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-graph-neighbours": {
        parameters: {
            query: {
                kind: "matter" | "item" | "unit" | "street" | "community" | "place" | "enterprise" | "basis" | "topic";
                key: string;
                /** @description 0: all */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "find-graph-nodes": {
        parameters: {
            query?: {
                q?: string;
                /** @description 0: all */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphNode"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-halls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallHead"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-hall-board": {
        parameters: {
            query?: {
                /** @description Of the hall's own screens */
                key?: string;
            };
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallBoard"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "book-slot": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketAsk"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyTicket"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-hall-day": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallDay"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-hall-day": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Set-hall-dayRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallDay"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-window-desk": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WindowDesk"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-estimate-quality": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EstimateQuality"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-hall-forecast": {
        parameters: {
            query: {
                day: string;
                /** @description -1 as planned */
                windows?: number;
            };
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HallForecast"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-pack-grants": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PagePackGrant"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "call-next": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalledNext"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-packs-of-hall": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackStock"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "give-pack": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Give-packRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackGrant"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stock-packs": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Stock-packsRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackStock"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-refusals": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageHallRefusal"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "log-refusal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Log-refusalRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-hall-skills": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Set-hall-skillsRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-slots": {
        parameters: {
            query: {
                kind: string;
                day: string;
            };
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Slot"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "take-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketAsk"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyTicket"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "close-window": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WindowDesk"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "open-window": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Open-windowRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WindowDesk"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-handover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "write-handover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHandover"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-help": {
        parameters: {
            query?: {
                state?: string;
                open?: "true" | "false" | "";
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageMatterHead"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ask-help": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MatterAsk"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatterMade"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-help": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatterPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-help": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MatterDoBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatterPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-imports": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageImportRun"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "start-import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @enum {string} */
                    dry_run?: "true" | "false";
                    /** Format: binary */
                    file?: string;
                    profile?: string;
                    upload?: string;
                    yaml?: string;
                };
            };
        };
        responses: {
            /** @description The look */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description The import, which goes on by itself */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportRun"];
                };
            };
        };
    };
    "list-asserted-units": {
        parameters: {
            query?: {
                /** @description Only this source */
                source?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitProposal"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decide-asserted-unit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Decide-asserted-unitRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-import": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportRun"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "cancel-import": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportRun"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-import-rejects": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description CSV */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
        };
    };
    "resume-import": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportRun"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-key-scopes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-knowledge": {
        parameters: {
            query?: {
                /** @description due: soon to be looked through or to expire; wrong: with open reports */
                state?: "draft" | "review" | "published" | "expired" | "withdrawn" | "due" | "wrong" | "";
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                category?: string;
                audience?: "public" | "internal" | "";
                /** @description Words of title or text, or a code */
                q?: string;
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageArticle"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Create-knowledgeRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgePage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-knowledge-figures": {
        parameters: {
            query?: {
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskFigures"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-knowledge": {
        parameters: {
            query?: {
                /** @description due: soon to be looked through or to expire; wrong: with open reports */
                state?: "draft" | "review" | "published" | "expired" | "withdrawn" | "due" | "wrong" | "";
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                category?: string;
                audience?: "public" | "internal" | "";
                /** @description Words of title or text, or a code */
                q?: string;
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
                format?: "csv" | "xlsx";
                purpose?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "import-knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description filename of the file being uploaded
                     */
                    filename?: string;
                    /** @description general purpose name for multipart form value */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgeImport"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-knowledge-standing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgeStanding"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "try-knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Try-knowledgeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Said"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgePage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KnowledgeStep"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgePage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-leads": {
        parameters: {
            query?: {
                /** @description waiting: found or verified */
                state?: "waiting" | "all" | "found" | "verified" | "filed" | "merged" | "refused";
                source?: string;
                street?: string;
                /** @description Words of title, text or address */
                q?: string;
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageLead"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-lead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLead"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-lead-figures": {
        parameters: {
            query?: {
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadStanding"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-leads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description filename of the file being uploaded
                     */
                    filename?: string;
                    /** @description general purpose name for multipart form value */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadTable"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-lead": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-lead": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeadStep"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-my-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyAccount"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-delegations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delegation"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delegate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DelegateRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-delegation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-looks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookView"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Change-passwordRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "renew-recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProvenBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "confirm-second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirm-second-factorRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "begin-second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Factor"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "drop-second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProvenBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-other-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["End-other-sessionsRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-own-tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyTicket"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-meeting-tasks": {
        parameters: {
            query?: {
                state?: "open" | "ended" | "";
                kind?: string;
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageMeetingTask"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-meeting-task": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Act-on-meeting-taskRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingTask"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-meetings": {
        parameters: {
            query?: {
                kind?: string;
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageMeetingHead"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "make-meeting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Make-meetingRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-meeting": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "download-meeting": {
        parameters: {
            query: {
                format: "docx" | "pdf" | "md" | "html";
                /** @description Why; it is kept with the record of the export */
                purpose?: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "write-meeting-minute": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Write-meeting-minuteRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "give-meeting-task": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskStep"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-notices": {
        parameters: {
            query?: {
                /** @description Key of the page: next of the page before */
                before?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Read-noticesRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "check-pack-file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PackEdit"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackVerdict"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-pack-file": {
        parameters: {
            query: {
                path: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackContent"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-pack-file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Put-pack-fileRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-pack-files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-pack-versions": {
        parameters: {
            query: {
                path: string;
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PagePackVersion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-pack-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackEdit"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-profile": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-profile": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Put-profileRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-public-board": {
        parameters: {
            query?: {
                /** @description 2026-10; this month when absent */
                month?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicBoard"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-quality": {
        parameters: {
            query: {
                /** @description A day, 2026-11-26, or a month, 2026-11 */
                period: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quality"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-quality-book": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssessBook"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-quality-losses": {
        parameters: {
            query: {
                /** @description A day, 2026-11-26, or a month, 2026-11 */
                period: string;
                channel: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QualityLoss"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-quality-trend": {
        parameters: {
            query: {
                channel: string;
                by?: "day" | "month";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssessPoint"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-questions": {
        parameters: {
            query?: {
                /** @description waiting (default): open or assigned */
                state?: "waiting" | "open" | "assigned" | "dismissed" | "answered" | "";
                q?: string;
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageKnowledgeQuestion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-question": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-question": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuestionStep"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-queue": {
        parameters: {
            query?: {
                /** @description Words: all must be there */
                q?: string;
                /** @description On the board of what leaders watch (重大件) */
                major?: "true" | "false" | "";
                /** @description Watched by the caller (关注) */
                watched?: "true" | "false" | "";
                /** @description Handling due within 24 hours */
                near?: "true" | "false" | "";
                /** @description Date from which it was closed */
                closed_since?: string;
                /** @description Date from which its handling limit ended */
                due_since?: string;
                /** @description Date before which its handling limit ended, or now */
                due_until?: string;
                /** @description Date from which it was rated */
                rated_since?: string;
                /** @description States of the flow */
                state?: string[] | null;
                open?: "true" | "false" | "";
                late?: "true" | "false" | "";
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                /** @description The unit alone, not what lies below it */
                alone?: "true" | "false" | "";
                street?: string;
                /** @description Code of a duty item, or its beginning */
                item?: string;
                class?: string;
                kind?: string;
                /** @description Where it was imported from */
                source?: string;
                /** @description Date (2026-11-01) from which, in the district's time */
                since?: string;
                /** @description Date before which */
                until?: string;
                /** @description newest (default) or due */
                order?: "newest" | "due" | "";
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
                /** @description Only what is assigned to the caller */
                mine?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageRow"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-queue-ages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueAge"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "look-at-refusal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Look-at-refusalRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-reports": {
        parameters: {
            query?: {
                kind?: string;
                state?: "draft" | "reviewed" | "issued" | "archived" | "withdrawn" | "";
                /** @description 2026-11: those whose period begins in it; 2026 for a year */
                month?: string;
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageReportHead"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "make-report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Make-reportRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-report-kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportKinds"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-report": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-report": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Act-on-reportRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-report-figures": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportFigure"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-report-figure-rows": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageRow"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "download-report": {
        parameters: {
            query: {
                format: "docx" | "pdf" | "md" | "html";
                /** @description Why; it is kept with the record of the export */
                purpose?: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Standing"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Put-holdRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "release-hold": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Release-holdRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-retention-due": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Standing"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decide-retention": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Decide-retentionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-roster": {
        parameters: {
            query: {
                unit: string;
                from: string;
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shift"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-shift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Put-shiftRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shift"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "drop-shift": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-rulings": {
        parameters: {
            query?: {
                /** @description Words of the title, the reason or the basis; an item's code */
                q?: string;
                /** @description Only those that stand as precedents */
                precedents?: boolean;
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageRuling"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "write-ruling-rule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RulingRule"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyVersion"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationHead"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "begin-application": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApplication"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-application": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "save-application": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationDraft"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "discard-application": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "autofill-application": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Autofill-applicationRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "send-application": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Send-applicationRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-cases": {
        parameters: {
            query?: {
                /** @description What waits at the caller's desks, the nearest deadline first */
                mine?: boolean;
                no?: string;
                state?: string;
                unit?: string;
                open?: "true" | "false" | "";
                late?: boolean;
                before?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CasesPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-case": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-case": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Act-on-caseRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "send-case-material": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
                material: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Send-case-materialRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-case-paper": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
                /** @description Identifier: a decimal number as a string */
                paper: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reveal-applicant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reveal-applicantRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevealedApplicant"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-decided": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecidedPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "explain-decided": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecidedPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ask-for-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Ask-for-personRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "replay-decided": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Replay-decidedRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reveal-decided": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reveal-decidedRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecidedPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-decision-packs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionPackHead"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-fact-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceStanding"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-decision-pack": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionPackPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "try-decision-text": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionTexts"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionTrial"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-decided": {
        parameters: {
            query?: {
                outcome?: "approve" | "supplement" | "human" | "";
                mode?: "on" | "canary" | "shadow" | "";
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageDecided"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-decision-figures": {
        parameters: {
            query?: {
                /** @description A day; 30 days ago where absent */
                from?: string;
                /** @description The last day; today where absent */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionFigures"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-decision-mode": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Put-decision-modeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionPackPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-benefit-scans": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BenefitScan"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "begin-benefit-scan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Begin-benefit-scanRequest"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BenefitScan"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "try-decision": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Try-decisionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decision"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "draft-decision-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Draft-decision-versionRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionText"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-decision-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionText"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-decision-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Act-on-decision-versionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionText"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "what-if-decided": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the pack */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["What-if-decidedRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhatIf"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-ended-licences": {
        parameters: {
            query?: {
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ended"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-service-items": {
        parameters: {
            query?: {
                /** @description Words of the name, the department, what people call it, or the code */
                q?: string;
                /** @description 01 行政许可 … 20 公共服务 */
                type?: string;
                department?: string;
                online?: "true" | "false" | "";
                /** @description Key of the next page, from the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemsPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-service-item": {
        parameters: {
            query?: {
                version?: number;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceItem"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-licences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Licence"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-licence": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Licence"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-licence": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Act-on-licenceRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-my-offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BenefitOffer"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "answer-offer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Answer-offerRequest"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "track-case": {
        parameters: {
            query: {
                no: string;
                code: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseProgress"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-services-standing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemsStanding"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "verify-licence": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offers"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Sign-inRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "send-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Send-codeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeSent"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-in-by-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Sign-in-by-codeRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-stuck": {
        parameters: {
            query?: {
                state?: string;
                open?: "true" | "false" | "";
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageMatterHead"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "report-stuck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MatterAsk"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatterMade"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-stuck-month": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StuckMonth"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-stuck-words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StuckWords"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-stuck": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatterPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-stuck": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MatterDoBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatterPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-sub-matters": {
        parameters: {
            query: {
                flow: "supervision" | "interview" | "summons" | "objection" | "revision" | "co_task" | "position" | "score_appeal";
                open?: "true" | "false" | "";
                /** @description Only those of one appeal */
                of?: string;
                /** @description Code of a unit; includes what lies below it */
                unit?: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSub"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-ticket": {
        parameters: {
            query?: {
                key?: string;
            };
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyTicket"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Act-on-ticketRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-ticket-history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketEvent"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-own-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Act-on-own-ticketRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyTicket"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-topics": {
        parameters: {
            query?: {
                /** @description Words of the name or place */
                q?: string;
                /** @description live: found, owned or planned */
                state?: "live" | "found" | "owned" | "planned" | "closed" | "faded" | "merged";
                sort?: "heat" | "messages" | "last";
                limit?: number;
                /** @description How many to leave out, from the last page's next */
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopicPageOf"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-topic-alarms": {
        parameters: {
            query?: {
                kind?: "frequent" | "sudden" | "one_many" | "many_one";
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageTopicAlarm"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-topic": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopicPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "act-on-topic": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier: a decimal number as a string */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TopicStep"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopicPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "track-appeal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Filed"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-unit-staff": {
        parameters: {
            query?: {
                /** @description Code of the duty item in question */
                item?: string;
            };
            header?: never;
            path: {
                unit: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Colleague"][] | null;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
