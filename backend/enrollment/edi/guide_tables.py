"""What the 834 guide 005010X220A1 allows, as tables.

Written down as text because a person checks it against a partner's companion guide line by line;
`guide.py` compiles it. Source: the ASC X12 benefit enrollment guide (45 CFR 162.1502), restated.
"""

from __future__ import annotations

# Element number, type (AN text, ID code, N0 whole number, R decimal, DT date, TM time,
# FM date format, PD date in the format before it), shortest, longest, name.
ELEMENTS = """
19   AN 2 30  city
26   ID 2 3   country
61   AN 1 30  free text
65   R  1 8   height
66   ID 1 2   identification qualifier
67   AN 2 80  identification
81   R  1 10  weight
93   AN 1 60  name
96   N0 1 10  number of segments
98   ID 2 3   entity
100  ID 3 3   currency
107  ID 1 2   payment method
116  ID 3 15  ZIP code
127  AN 1 50  reference number
128  ID 2 3   reference qualifier
143  ID 3 3   transaction set
156  ID 2 2   state
166  AN 1 55  address line
235  ID 2 2   product qualifier
306  ID 1 2   action
309  ID 1 2   location qualifier
310  AN 1 30  location
329  AN 4 9   set control number
337  TM 4 8   time
352  AN 1 80  description
353  ID 2 2   purpose of the set
364  AN 1 256 contact number
365  ID 2 2   contact number qualifier
366  ID 2 2   contact function
373  DT 8 8   date
374  ID 3 3   date qualifier
380  R  1 15  quantity
443  AN 1 20  contact inquiry
447  AN 1 4   loop identifier
478  ID 1 1   credit or debit
508  AN 1 35  account number
522  ID 1 3   amount qualifier
554  N0 1 6   line number
569  ID 1 3   account qualifier
584  ID 2 2   employment status
594  ID 1 1   frequency
609  N0 1 9   count
623  ID 2 2   time zone
640  ID 2 2   transaction type
659  ID 1 2   basis of verification
673  ID 2 2   quantity qualifier
706  ID 2 2   entity relationship
782  R  1 18  amount
786  ID 2 2   security level
875  ID 3 3   maintenance type
954  R  1 10  percentage
1035 AN 1 60  last name
1036 AN 1 35  first name
1037 AN 1 25  middle name
1038 AN 1 10  name prefix
1039 AN 1 10  name suffix
1065 ID 1 1   entity type
1066 ID 1 2   citizenship
1067 ID 1 1   marital status
1068 ID 1 1   sex
1069 ID 2 2   relationship to the subscriber
1073 ID 1 1   yes or no
1109 ID 1 1   race or ethnicity
1137 AN 1 15  medical code
1138 ID 1 1   order of payers
1143 ID 1 1   coordination of benefits
1146 ID 1 1   type of disability
1149 ID 4 6   occupation
1154 ID 1 1   work intensity
1161 ID 1 2   product option
1165 ID 1 1   confidentiality
1176 ID 2 3   employment class
1201 ID 1 1   information status
1203 ID 2 3   maintenance reason
1204 AN 1 50  plan description
1205 ID 2 3   insurance line
1207 ID 3 3   coverage level
1209 ID 1 1   drug house
1211 ID 2 3   deductible
1212 ID 1 1   health condition
1213 ID 1 1   current health
1214 AN 1 5   salary grade
1215 ID 1 1   identification card
1216 ID 1 1   benefit status
1218 ID 1 1   Medicare plan
1219 ID 1 2   COBRA qualifying event
1220 ID 1 1   student status
1250 FM 2 3   date format
1251 PD 1 35  date
1270 ID 1 3   code list
1271 AN 1 30  industry code
1303 ID 1 2   language use
1365 ID 1 2   service type
1470 N0 1 9   birth sequence
1476 ID 1 1   language proficiency
1701 ID 1 1   Medicare reason
1705 AN 1 35  guide version
1715 ID 1 3   country subdivision
"""

# Elements of each segment (`*n` repeats up to n times, C = composite), then its syntax notes.
LAYOUTS = """
ACT 508 93 66 67 569 508 352 107 1216 | P0304 C0506 C0705
AMT 522 782 478 |
BGN 353 127 373 337 623 127 640 306 786 | C0504
COB 1138 127 1143 1365*9 |
DMG 1250 1251 1068 1067 C056*10 1066 26 659 380 1270 1271 | P0102 P1011 C1105
DSB 1146 380 1149 1154 1161 782 235 1137 | P0708
DTP 374 1250 1251 |
EC  1176 1176 1176 954 1201 1149 |
HD  875 1203 1205 1204 1207 609 609 1209 1073 1211 1073 |
HLH 1212 65 81 81 352 1213 352 |
ICM 594 782 380 310 1214 100 |
IDC 1204 1215 380 306 |
INS 1073 1069 875 1203 1216 C052 1219 584 1220 1073 1250 1251 1165 19 156 26 1470 | P1112
LE  447 |
LS  447 |
LUI 66 67 352 1303 1476 | P0102 L040203
LX  554 |
N1  98 93 66 67 706 98 | R0203 P0304
N3  166 166 |
N4  19 156 116 26 309 310 1715 | E0207 C0605 C0704
NM1 98 1065 1035 1036 1037 1038 1039 66 67 706 98 1035 | P0809 C1110 C1203
PER 366 93 365 364 365 364 365 364 443 | P0304 P0506 P0708
PLA 306 98 373 337 1203 |
QTY 673 380 C001 61 | E0204 R0204
REF 128 127 352 C040 | R0203
SE  96 329 |
ST  143 329 1705 |
"""

# Components of the composites, with their usage letters. C001 and C040 are never used here.
COMPOSITES = {
    "C001": ("380", "N"),
    "C040": ("128", "N"),
    "C052": ("1218 1701 1701 1701", "RSNN"),
    "C056": ("1109 1270 1271", "SSS"),
}

_PHONES = "AP BN CP EM EX FX HP TE WP"
CODES = {
    "state": "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS FM GU MH MP PR PW UM VI AA AE AP "
    "AB BC MB NB NF NL NS NT NU ON PE PQ QC SK YT",
    "zone": "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 AD AS AT CD CS CT ED ES "
    "ET GM HD HS HT LT MD MS MT ND NS NT PD PS PT TD TS TT UT",
    "relationship": "01 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 23 24 25 26 31 38 53 60 D2 G8 G9",
    "reason": "01 02 03 04 05 06 07 08 09 10 11 14 15 16 17 18 20 21 22 25 26 27 28 29 31 32 33 37 38 39 40 "
    "41 43 59 AA AB AC AD AE AF AG AH AI AJ AL EC XN XT",
    "employed": "AC AO AU FT L1 PT RT TE",
    "phone": _PHONES,
    "phone-work": "AP BN CP EM EX FX TE",
    "phone-school": "EM EX FX TE",
    "race": "7 8 A B C D E F G H I J N O P Z",
    "citizen": "1 2 3 4 5 6 7",
    "marital": "B D I M R S U W X",
    "class": "01 02 03 04 05 06 07 08 09 10 11 12 17 18 19 20 21 22 23",
    "amount": "B9 C1 D2 EBA FK P3 R",
    "frequency": "1 2 3 4 6 7 8 9 B C H Q S U",
    "line": "AG AH AJ AK DCP DEN EPO FAC HE HLT HMO LTC LTD MM MOD PDG POS PPO PRA STD UR VIS",
    "level": "CHD DEP E1D E2D E3D E5D E6D E7D E8D E9D ECH EMP ESP FAM IND SPC SPO TWO",
    "service": "1 35 48 50 54 89 90 A4 AG AL BB",
    "change": "14 22 46 AA AB AC AD AE AF AG AH AI AJ",
}

# Segments and loops in order. A line is
#   [=]NAME usage most elements codes...      or      [=]@LOOP usage most
# indented two blanks a level. Usage: R required, S situational, N not used; `most` * = any number.
# "=" stands at the same place as the line before it, so their order is free.
# Codes: `3:A,B` element 3, `6.2:` a component of element 6, `$name` a list of CODES,
# `1!A` the segment is recognised by that element, as REF and DTP are by their qualifier.
_ADDRESS = """
{i}N3 S 1 RS
{i}N4 S 1 RSSSNNS 2:$state"""

STRUCTURE = (
    """
@ST R *
  ST R 1 RRR 1:834 3:005010X220A1
  @HEADER R 1
    BGN R 1 RRRRSSNRN 1:00,15,22 5:$zone 8:2,4,RX
    REF S 1 RRNN 1!38
    DTP S * RRR 1!007,090,091,303,382,388 2:D8
    QTY S 3 RRNN 1:DT,ET,TO
    @1000A R 1
      N1 R 1 RSRRNN 1!P5 3:24,94,FI
    @1000B R 1
      N1 R 1 RSRRNN 1!IN 3:94,FI,XV
    @1000C S 2
      N1 R 1 RRRRNN 1!BO,TV 3:94,FI,XV
      @1100C S 1
        ACT R 1 RNNNNSNNN
  @DETAIL R 1
    @2000 R 10000
      INS R 1 RRRSRSSSSSSSSNNNS 1:Y,N 2:$relationship 3:001,021,024,025,030 4:$reason 5:A,C,S,T """
    """6.1:A,B,C,D,E 6.2:0,1,2 7:1,2,3,4,5,6,7,8,9,10,ZZ 8:$employed 9:F,N,P 10:Y,N 11:D8 13:R,U
      REF R 1 RRNN 1!0F
      =REF S 1 RRNN 1!1L
      =REF S 13 RRNN 1!17,23,3H,4A,6O,ABB,D3,DX,F6,P5,Q4,QQ,ZZ
      DTP S 24 RRR 1!050,286,296,297,300,301,303,336,337,338,339,340,341,350,351,356,357,383,385,386,"""
    """393,394,473,474 2:D8
      @2100A R 1
        NM1 R 1 RRRSSSSSSNNN 1!IL,74 2:1 8:34,ZZ
        PER S 1 RNRRSSSSN 1:IP 3:$phone 5:$phone 7:$phone
        N3 S 1 RS
        N4 S 1 RSSSSSS 2:$state 5:60,CY
        DMG S 1 RRRSSSNNNSS 1:D8 3:F,M,U 4:$marital 5.1:$race 5.2:RET 6:$citizen 10:REC
        EC S * RSSNNN 1:$class 2:$class 3:$class
        ICM S 1 RRSSSN 1:$frequency
        AMT S 7 RRN 1:$amount
        HLH S 1 RSSNNNN 1:N,S,T,U,X
        LUI S * SSSSN 1:LD,LE 4:5,6,7,8
      =@2100B S 1
        NM1 R 1 RRRSSSSSSNNN 1!70 2:1 8:34,ZZ
        DMG S 1 SSSSSSNNNSS 1:D8 3:F,M,U 4:$marital 5.1:$race 5.2:RET 6:$citizen 10:REC
      =@2100C S 1
        NM1 R 1 RRNNNNNNNNNN 1!31 2:1
        N3 R 1 RS
        N4 R 1 RSSSNNS 2:$state
      =@2100D S 3
        NM1 R 1 RRSSSSSSSNNN 1!36 2:1,2 8:24,34
        PER S 1 RSRRSSSSN 1:EP 3:$phone-work 5:$phone-work 7:$phone-work"""
    + _ADDRESS.format(i="        ")
    + """
      =@2100E S 3
        NM1 R 1 RRRNNNNNNNNN 1!M8 2:2
        PER S 1 RSRRSSSSN 1:SK 3:$phone-school 5:$phone-school 7:$phone-school"""
    + _ADDRESS.format(i="        ")
    + """
      =@2100F S 1
        NM1 R 1 RRRRSSSSSNNN 1!S3 2:1 8:34,ZZ
        PER S 1 RNRRSSSSN 1:PQ 3:$phone 5:$phone 7:$phone"""
    + _ADDRESS.format(i="        ")
    + """
      =@2100G S 13
        NM1 R 1 RRRSSSSSSNNN 1!6Y,9K,E1,EI,EXS,GB,GD,J6,LR,QD,S1,TZ,X4 2:1 8:34,ZZ
        PER S 1 RNRRSSSSN 1:RP 3:$phone 5:$phone 7:$phone"""
    + _ADDRESS.format(i="        ")
    + """
      @2100H S 1
        NM1 R 1 RRSSSSSNNNNN 1!45 2:1"""
    + _ADDRESS.format(i="        ")
    + """
      @2200 S *
        DSB R 1 RNNNNNSS 1:1,2,3,4 7:DX,ZZ
        DTP S 2 RRR 1!360,361 2:D8
      @2300 S 99
        HD R 1 RNRSSNNNSNN 1:001,002,021,024,025,026,030,032 3:$line 5:$level 9:Y,N
        DTP R 6 RRR 1!300,303,343,348,349,543,695 2:D8,RD8
        AMT S 9 RRN 1:$amount
        REF S 14 RRNN 1!17,1L,9V,CE,E8,M7,PID,RB,X9,XM,XX1,XX2,ZX,ZZ
        =REF S 1 RRNN 1!QQ
        IDC S 3 RRSS 2:D,H,P 4:1,2,RX
        @2310 S 30
          LX R 1 R
          NM1 R 1 RRSSSSSSSRNN 1!1X,3D,80,FA,OD,P3,QA,QN,Y2 2:1,2 8:34,FI,SV,XX 10:25,26,72
          N3 S 2 RS
          N4 S 1 RSSSNNS 2:$state
          PER S 2 RNRRSSSSN 1:IC 3:$phone 5:$phone 7:$phone
          PLA S 1 RRRNR 1:2 2:1P 5:$change
        @2320 S 5
          COB R 1 RSRS 1:P,S,T,U 3:1,5,6 4:$service
          REF S 4 RRNN 1!60,6P,SY,ZZ
          DTP S 2 RRR 1!344,345 2:D8
          @2330 S 3
            NM1 R 1 RRSNNNNSSNNN 1!36,GW,IN 2:2 8:FI,NI,XV"""
    + _ADDRESS.format(i="            ")
    + """
            PER S 1 RNRRNNNNN 1:CN 3:TE
      @LS S 1
        LS R 1 R 1:2700
        @2700 S *
          LX R 1 R
          @2750 S 1
            N1 R 1 RRNNNN 1!75
            REF S 1 RRNN 1!00,17,18,19,26,3L,6M,9V,9X,GE,LU,PID,XX1,XX2,YY,ZZ
            DTP S 1 RRR 1!007 2:D8,RD8
        LE R 1 R 1:2700
  SE R 1 RR
"""
)
