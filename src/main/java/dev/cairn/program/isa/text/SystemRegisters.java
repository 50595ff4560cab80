package dev.cairn.program.isa.text;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of the system registers.
///
/// A number is `op0` `op1` `CRn` `CRm` `op2` from the highest bit down, 16 bits in all, as they
/// stand in bits 20–5 of `mrs` and `msr`, where only the lower bit of `op0` varies.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), chapters D19 and K16, and
/// the architecture's registers for GIC, trace, MPAM and R-profile.
final class SystemRegisters {
  /// Number and name; `8004+8:dbgbvr[0-15]_el1` is a run of registers, each 8 beyond the last.
  private static final String TABLE =
      """
      8002:osdtrrx_el1 8004+8:dbgbvr[0-15]_el1 8005+8:dbgbcr[0-15]_el1 8006+8:dbgwvr[0-15]_el1
      8007+8:dbgwcr[0-15]_el1 8010:mdccint_el1 8012:mdscr_el1 801a:osdtrtx_el1 8032:oseccr_el1
      8080:mdrar_el1 8084:oslar_el1 808c:oslsr_el1 809c:osdlr_el1 80a4:dbgprcr_el1
      83c6:dbgclaimset_el1 83ce:dbgclaimclr_el1 83f6:dbgauthstatus_el1 8801:trctraceidr
      8802:trcvictlr 8804+8:trcseqevr[0-2] 8805+8:trccntrldvr[0-3] 8806+8:trcidr[8-13]
      8807+8:trcimspec[0-7] 8808:trcprgctlr 8809:trcqctlr 880a:trcviiectlr 8810:trcprocselr
      8812:trcvissctlr 8818:trcstatr 881a:trcvipcssctlr 8820:trcconfigr 8825+8:trccntctlr[0-3]
      8830:trcauxctlr 8834:trcseqrstevr 883c:trcseqstr 8840:trceventctl0r 8842:trcvdctlr
      8844+8:trcextinselr[0-3] 8845+8:trccntvr[0-3] 8847+8:trcidr[0-7] 8848:trceventctl1r
      884a:trcvdsacctlr 8850:trcrsr 8852:trcvdarcctlr 8858:trcstallctlr 8860:trctsctlr
      8868:trcsyncpr 8870:trcccctlr 8878:trcbbctlr 8881+8:trcrsctlr[16-31] 8882+8:trcssccr[0-7]
      8883+8:trcsspcicr[0-7] 8884:trcoslar 888c:trcoslsr 8890+8:trcrsctlr[2-15] 88a4:trcpdcr
      88ac:trcpdsr 88c2+8:trcsscsr[0-7] 8900+16:trcacvr[0-7] 8901+16:trcacvr[8-15]
      8902+16:trcacatr[0-7] 8903+16:trcacatr[8-15] 8904+32:trcdvcvr[0-3] 8905+32:trcdvcvr[4-7]
      8906+32:trcdvcmr[0-3] 8907+32:trcdvcmr[4-7] 8980+16:trccidcvr[0-7] 8981+16:trcvmidcvr[0-7]
      8982:trccidcctlr0 898a:trccidcctlr1 8992:trcvmidcctlr0 899a:trcvmidcctlr1 8b84:trcitctrl
      8b97:trcdevid 8b9f:trcdevtype 8ba7+8:trcpidr[4-7] 8bc6:trcclaimset 8bc7+8:trcpidr[0-3]
      8bce:trcclaimclr 8bd6:trcdevaff0 8bde:trcdevaff1 8be6:trclar 8be7+8:trccidr[0-3] 8bee:trclsr
      8bf6:trcauthstatus 8bfe:trcdevarch 8c00+8:brbinf[0-15]_el1 8c01+8:brbsrc[0-15]_el1
      8c02+8:brbtgt[0-15]_el1 8c04+8:brbinf[16-31]_el1 8c05+8:brbsrc[16-31]_el1
      8c06+8:brbtgt[16-31]_el1 8c80:brbcr_el1 8c81:brbfcr_el1 8c82:brbts_el1 8c88:brbinfinj_el1
      8c89:brbsrcinj_el1 8c8a:brbtgtinj_el1 8c90:brbidr0_el1 9000:teecr32_el1 9080:teehbr32_el1
      9808:mdccsr_el0 9820:dbgdtr_el0 9828:dbgdtrrx_el0 a038:dbgvcr32_el2 a480:brbcr_el2
      ac80:brbcr_el12 c000:midr_el1 c004:mpuir_el1 c005:mpidr_el1 c006:revidr_el1 c008:id_pfr0_el1
      c009:id_pfr1_el1 c00a:id_dfr0_el1 c00b:id_afr0_el1 c00c+1:id_mmfr[0-3]_el1
      c010+1:id_isar[0-5]_el1 c016:id_mmfr4_el1 c017:id_isar6_el1 c018+1:mvfr[0-2]_el1
      c01c:id_pfr2_el1 c01d:id_dfr1_el1 c01e:id_mmfr5_el1 c020:id_aa64pfr0_el1
      c021:id_aa64pfr1_el1 c024:id_aa64zfr0_el1 c025:id_aa64smfr0_el1 c028:id_aa64dfr0_el1
      c029:id_aa64dfr1_el1 c02c:id_aa64afr0_el1 c02d:id_aa64afr1_el1 c030+1:id_aa64isar[0-2]_el1
      c038+1:id_aa64mmfr[0-2]_el1 c080:sctlr_el1 c081:actlr_el1 c082:cpacr_el1 c085:rgsr_el1
      c086:gcr_el1 c090:zcr_el1 c091:trfcr_el1 c094:smpri_el1 c096:smcr_el1 c100:ttbr0_el1
      c101:ttbr1_el1 c102:tcr_el1 c108:apiakeylo_el1 c109:apiakeyhi_el1 c10a:apibkeylo_el1
      c10b:apibkeyhi_el1 c110:apdakeylo_el1 c111:apdakeyhi_el1 c112:apdbkeylo_el1
      c113:apdbkeyhi_el1 c118:apgakeylo_el1 c119:apgakeyhi_el1 c200:spsr_el1 c201:elr_el1
      c208:sp_el0 c210:spsel c212:currentel c213:pan c214:uao c218:allint c230:icc_pmr_el1
      c288:afsr0_el1 c289:afsr1_el1 c290:esr_el1 c298:erridr_el1 c299:errselr_el1 c2a0:erxfr_el1
      c2a1:erxctlr_el1 c2a2:erxstatus_el1 c2a3:erxaddr_el1 c2a4:erxpfgf_el1 c2a5:erxpfgctl_el1
      c2a6:erxpfgcdn_el1 c2a8+1:erxmisc[0-3]_el1 c2b0:tfsr_el1 c2b1:tfsre0_el1 c300:far_el1
      c309:prenr_el1 c311:prselr_el1 c340:prbar_el1 c341:prlar_el1 c344+4:prbar[1-15]_el1
      c345+4:prlar[1-15]_el1 c3a0:par_el1 c4c8:pmscr_el1 c4c9:pmsnevfr_el1 c4ca:pmsicr_el1
      c4cb:pmsirr_el1 c4cc:pmsfcr_el1 c4cd:pmsevfr_el1 c4ce:pmslatfr_el1 c4cf:pmsidr_el1
      c4d0:pmblimitr_el1 c4d1:pmbptr_el1 c4d3:pmbsr_el1 c4d7:pmbidr_el1 c4d8:trblimitr_el1
      c4d9:trbptr_el1 c4da:trbbaser_el1 c4db:trbsr_el1 c4dc:trbmar_el1 c4de:trbtrg_el1
      c4df:trbidr_el1 c4f1:pmintenset_el1 c4f2:pmintenclr_el1 c4f6:pmmir_el1 c510:mair_el1
      c518:amair_el1 c520:lorsa_el1 c521:lorea_el1 c522:lorn_el1 c523:lorc_el1 c524:mpamidr_el1
      c527:lorid_el1 c528:mpam1_el1 c529:mpam0_el1 c52b:mpamsm_el1 c600:vbar_el1 c601:rvbar_el1
      c602:rmr_el1 c608:isr_el1 c609:disr_el1 c640:icc_iar0_el1 c641:icc_eoir0_el1
      c642:icc_hppir0_el1 c643:icc_bpr0_el1 c644+1:icc_ap0r[0-3]_el1 c648+1:icc_ap1r[0-3]_el1
      c64d:icc_nmiar1_el1 c659:icc_dir_el1 c65b:icc_rpr_el1 c65d:icc_sgi1r_el1 c65e:icc_asgi1r_el1
      c65f:icc_sgi0r_el1 c660:icc_iar1_el1 c661:icc_eoir1_el1 c662:icc_hppir1_el1
      c663:icc_bpr1_el1 c664:icc_ctlr_el1 c665:icc_sre_el1 c666:icc_igrpen0_el1
      c667:icc_igrpen1_el1 c681:contextidr_el1 c684:tpidr_el1 c685:accdata_el1 c687:scxtnum_el1
      c708:cntkctl_el1 c800:ccsidr_el1 c801:clidr_el1 c802:ccsidr2_el1 c804:gmid_el1
      c806:smidr_el1 c807:aidr_el1 d000:csselr_el1 d801:ctr_el0 d807:dczid_el0 d920:rndr
      d921:rndrrs da10:nzcv da11:daif da12:svcr da15:dit da16:ssbs da17:tco da20:fpcr da21:fpsr
      da28:dspsr_el0 da29:dlr_el0 dce0:pmcr_el0 dce1:pmcntenset_el0 dce2:pmcntenclr_el0
      dce3:pmovsclr_el0 dce4:pmswinc_el0 dce5:pmselr_el0 dce6:pmceid0_el0 dce7:pmceid1_el0
      dce8:pmccntr_el0 dce9:pmxevtyper_el0 dcea:pmxevcntr_el0 dcf0:pmuserenr_el0 dcf3:pmovsset_el0
      de82:tpidr_el0 de83:tpidrro_el0 de85:tpidr2_el0 de87:scxtnum_el0 de90:amcr_el0
      de91:amcfgr_el0 de92:amcgcr_el0 de93:amuserenr_el0 de94:amcntenclr0_el0 de95:amcntenset0_el0
      de96:amcg1idr_el0 de98:amcntenclr1_el0 de99:amcntenset1_el0 dea0+1:amevcntr0[0-3]_el0
      deb0+1:amevtyper0[0-3]_el0 dee0+1:amevcntr1[0-15]_el0 def0+1:amevtyper1[0-15]_el0
      df00:cntfrq_el0 df01:cntpct_el0 df02:cntvct_el0 df05:cntpctss_el0 df06:cntvctss_el0
      df10:cntp_tval_el0 df11:cntp_ctl_el0 df12:cntp_cval_el0 df18:cntv_tval_el0 df19:cntv_ctl_el0
      df1a:cntv_cval_el0 df40+1:pmevcntr[0-30]_el0 df60+1:pmevtyper[0-30]_el0 df7f:pmccfiltr_el0
      e000:vpidr_el2 e004:mpuir_el2 e005:vmpidr_el2 e080:sctlr_el2 e081:actlr_el2 e088:hcr_el2
      e089:mdcr_el2 e08a:cptr_el2 e08b:hstr_el2 e08c:hfgrtr_el2 e08d:hfgwtr_el2 e08e:hfgitr_el2
      e08f:hacr_el2 e090:zcr_el2 e091:trfcr_el2 e092:hcrx_el2 e095:smprimap_el2 e096:smcr_el2
      e099:sder32_el2 e100:ttbr0_el2 e101:ttbr1_el2 e102:tcr_el2 e108:vttbr_el2 e10a:vtcr_el2
      e110:vncr_el2 e130:vsttbr_el2 e132:vstcr_el2 e180:dacr32_el2 e18c:hdfgrtr_el2
      e18d:hdfgwtr_el2 e18e:hafgrtr_el2 e200:spsr_el2 e201:elr_el2 e208:sp_el1 e218:spsr_irq
      e219:spsr_abt e21a:spsr_und e21b:spsr_fiq e281:ifsr32_el2 e288:afsr0_el2 e289:afsr1_el2
      e290:esr_el2 e293:vsesr_el2 e298:fpexc32_el2 e2b0:tfsr_el2 e300:far_el2 e304:hpfar_el2
      e309:prenr_el2 e311:prselr_el2 e340:prbar_el2 e341:prlar_el2 e344+4:prbar[1-15]_el2
      e345+4:prlar[1-15]_el2 e4c8:pmscr_el2 e510:mair_el2 e518:amair_el2 e520:mpamhcr_el2
      e521:mpamvpmv_el2 e528:mpam2_el2 e530+1:mpamvpm[0-7]_el2 e600:vbar_el2 e601:rvbar_el2
      e602:rmr_el2 e609:vdisr_el2 e640+1:ich_ap0r[0-3]_el2 e648+1:ich_ap1r[0-3]_el2
      e64d:icc_sre_el2 e658:ich_hcr_el2 e659:ich_vtr_el2 e65a:ich_misr_el2 e65b:ich_eisr_el2
      e65d:ich_elrsr_el2 e65f:ich_vmcr_el2 e660+1:ich_lr[0-15]_el2 e681:contextidr_el2
      e682:tpidr_el2 e687:scxtnum_el2 e6c0+1:amevcntvoff0[0-15]_el2 e6d0+1:amevcntvoff1[0-15]_el2
      e703:cntvoff_el2 e704:cntscale_el2 e705:cntiscale_el2 e706:cntpoff_el2 e707:cntvfrq_el2
      e708:cnthctl_el2 e710:cnthp_tval_el2 e711:cnthp_ctl_el2
      e712:cnthp_cval_el2 e718:cnthv_tval_el2 e719:cnthv_ctl_el2 e71a:cnthv_cval_el2
      e720:cnthvs_tval_el2 e721:cnthvs_ctl_el2 e722:cnthvs_cval_el2 e728:cnthps_tval_el2
      e729:cnthps_ctl_el2 e72a:cnthps_cval_el2 e880:sctlr_el12 e882:cpacr_el12 e890:zcr_el12
      e891:trfcr_el12 e896:smcr_el12 e900:ttbr0_el12 e901:ttbr1_el12 e902:tcr_el12 ea00:spsr_el12
      ea01:elr_el12 ea88:afsr0_el12 ea89:afsr1_el12 ea90:esr_el12 eab0:tfsr_el12 eb00:far_el12
      ecc8:pmscr_el12 ed10:mair_el12 ed18:amair_el12 ed28:mpam1_el12 ee00:vbar_el12
      ee81:contextidr_el12 ee87:scxtnum_el12 ef08:cntkctl_el12 ef10:cntp_tval_el02
      ef11:cntp_ctl_el02 ef12:cntp_cval_el02 ef18:cntv_tval_el02 ef19:cntv_ctl_el02
      ef1a:cntv_cval_el02 f080:sctlr_el3 f081:actlr_el3 f088:scr_el3 f089:sder32_el3 f08a:cptr_el3
      f090:zcr_el3 f096:smcr_el3 f099:mdcr_el3 f100:ttbr0_el3 f102:tcr_el3 f10c:gptbr_el3
      f10e:gpccr_el3 f200:spsr_el3 f201:elr_el3 f208:sp_el2 f288:afsr0_el3 f289:afsr1_el3
      f290:esr_el3 f2b0:tfsr_el3 f300:far_el3 f305:mfar_el3 f510:mair_el3 f518:amair_el3
      f528:mpam3_el3 f600:vbar_el3 f601:rvbar_el3 f602:rmr_el3 f664:icc_ctlr_el3 f665:icc_sre_el3
      f667:icc_igrpen1_el3 f682:tpidr_el3 f687:scxtnum_el3 ff10:cntps_tval_el1 ff11:cntps_ctl_el1
      ff12:cntps_cval_el1 ff90:cpm_ioacc_ctl_el3
      """;

  private static final Pattern RUN = Pattern.compile("\\+(\\d+):(\\w+)\\[(\\d+)-(\\d+)](\\w*)");
  private static final int NUMBER_DIGITS = 4;

  /// One for each way: what is written here is called `dbgdtrtx_el0`.
  private static final int DATA_TRANSFER = 0x9828;

  private static final Map<Integer, String> NAMES = names();

  private SystemRegisters() {}

  private static Map<Integer, String> names() {
    Map<Integer, String> names = new HashMap<>();
    for (String entry : TABLE.strip().split("\\s+", -1)) {
      int number = Integer.parseInt(entry, 0, NUMBER_DIGITS, 16);
      String name = entry.substring(NUMBER_DIGITS);
      Matcher run = RUN.matcher(name);
      if (run.matches()) {
        int step = Integer.parseInt(run.group(1));
        int first = Integer.parseInt(run.group(3));
        for (int i = first; i <= Integer.parseInt(run.group(4)); i++) {
          names.put(number + (i - first) * step, run.group(2) + i + run.group(5));
        }
      } else {
        names.put(number, name.substring(1));
      }
    }
    return names;
  }

  /// Appends a register's name, or `s3_0_c15_c2_0` if it has none.
  static void append(int number, boolean read, StringBuilder text) {
    if (number == DATA_TRANSFER && !read) {
      text.append("dbgdtrtx_el0");
      return;
    }
    String name = NAMES.get(number);
    if (name != null) {
      text.append(name);
      return;
    }
    text.append('s').append(number >>> 14).append('_').append(number >>> 11 & 7);
    text.append("_c").append(number >>> 7 & 15).append("_c").append(number >>> 3 & 15);
    text.append('_').append(number & 7);
  }
}
